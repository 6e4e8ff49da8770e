#include "core/stream/arena.h"

#include <sys/mman.h>

#include <string>

#include "core/base/error.h"

namespace rtpsonde {

Arena::Arena(size_t bytes) : bytes_(bytes) {
  data_ = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (data_ == MAP_FAILED) {
    throw Error("ERR_ENGINE_MEMORY", "no memory for the stream table: " + std::to_string(bytes) + " bytes");
  }
  // A hint: fewer TLB misses at many streams. A huge page is cleared as a whole.
  constexpr size_t kWorthwhile = 4 << 20;
  if (bytes >= kWorthwhile) madvise(data_, bytes, MADV_HUGEPAGE);
}

Arena::~Arena() { munmap(data_, bytes_); }

}  // namespace rtpsonde
