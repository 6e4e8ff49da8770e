// Packets of a whole stream by delay variation, in 24 bits a bin.
#pragma once

#include <cstdint>
#include <iterator>

#include "core/base/constants.gen.h"

namespace rtpsonde {

// The last bin is open.
constexpr uint32_t kPdvBins = static_cast<uint32_t>(std::size(kPdvBinEnds_ms)) + 1;

class PdvTotals {
 public:
  static constexpr uint32_t kBits = 24;  // 93 hours of 50 packets a second, all in one bin

  // Adds a window. Bit i of the result: bin i ran over, 2^24 of it are to be kept elsewhere.
  uint32_t add(const uint16_t (&window)[kPdvBins]) {
    uint32_t over = 0;
    for (uint32_t i = 0; i < kPdvBins; i++) {
      const uint32_t low = uint32_t{low_[i]} + window[i];
      const uint32_t high = high_[i] + (low >> 16);
      low_[i] = static_cast<uint16_t>(low);
      high_[i] = static_cast<uint8_t>(high);
      over |= (high >> 8) << i;
    }
    return over;
  }

  uint32_t bin(uint32_t i) const { return uint32_t{high_[i]} << 16 | low_[i]; }

 private:
  uint16_t low_[kPdvBins]{};
  uint8_t high_[kPdvBins]{};
};
static_assert(sizeof(PdvTotals) == 48);

}  // namespace rtpsonde
