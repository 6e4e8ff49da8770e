#include "core/stream/key.h"

#include <random>

namespace rtpsonde {

HashSeed HashSeed::random() {
  std::random_device device;
  HashSeed seed;
  for (uint64_t& word : seed.s) word = static_cast<uint64_t>(device()) << 32 | device();
  return seed;
}

}  // namespace rtpsonde
