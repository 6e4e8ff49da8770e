// Where packets that are missing between two arrivals would have come: packet i of
// them, 1..missing, at from + i * (to - from) / (missing + 1).
#pragma once

#include <algorithm>
#include <cstdint>

namespace rtpsonde {

// How many of them would have come before `ts_ns`. The two arrivals are at most an hour apart.
inline uint32_t missing_before(int64_t from_ns, int64_t to_ns, uint32_t missing, int64_t ts_ns) {
  if (ts_ns <= from_ns) return 0;
  if (ts_ns >= to_ns) return missing;
  const uint64_t parts = uint64_t{missing} + 1;
  const uint64_t length = static_cast<uint64_t>(to_ns - from_ns);
  const uint64_t passed = static_cast<uint64_t>(ts_ns - from_ns);
  return static_cast<uint32_t>(std::min<uint64_t>((passed * parts - 1) / length, missing));
}

}  // namespace rtpsonde
