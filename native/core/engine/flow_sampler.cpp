#include "core/engine/flow_sampler.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace rtpsonde {

namespace {

// The words are chosen by the lowest 26 bits of the place, the bits in them by the next 12.
constexpr uint64_t kMostWords = uint64_t{1} << 26;

uint64_t words_for(uint32_t max_streams) {
  return std::clamp(std::bit_ceil(uint64_t{max_streams} / 2), uint64_t{64}, kMostWords);
}

// The last place of a share, all of which are powers of two.
uint64_t last_of(float share) {
  return share < 1 ? static_cast<uint64_t>(static_cast<double>(share) * 0x1p64) - 1 : UINT64_MAX;
}

}  // namespace

FlowSampler::FlowSampler(uint32_t max_streams)
    : mask_(words_for(max_streams) - 1),
      memory_(words_for(max_streams) * sizeof(uint64_t)),
      words_(static_cast<uint64_t*>(memory_.data())) {}

void FlowSampler::set_level(uint32_t level) {
  level_ = std::min(level, kLevels - 1);
  last_admitted_ = last_of(kShedAdmittedShares[level_]);
  last_kept_ = last_of(kShedKeptShares[level_]);
}

void FlowSampler::clear_marks() { std::memset(words_, 0, memory_.bytes()); }

}  // namespace rtpsonde
