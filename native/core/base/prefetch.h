// Asking for memory ahead of its use. Always inlined, and so must be every function that does
// nothing else: GCC takes one for a function without effect, and leaves the calls of it out.
#pragma once

#include <cstddef>

namespace rtpsonde {

// The lines in which the next kBytes lie; they need not be there.
template <size_t kBytes>
[[gnu::always_inline]] inline void prefetch(const void* from) {
  constexpr size_t kLine = 64;
  for (size_t i = 0; i < kBytes; i += kLine) __builtin_prefetch(static_cast<const char*>(from) + i, 1);
}

}  // namespace rtpsonde
