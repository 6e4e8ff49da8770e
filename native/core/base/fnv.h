// FNV-1a of 64 bits: digests that are the same on every machine and in every run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rtpsonde {

constexpr uint64_t kFnvBasis = 0xcbf29ce484222325;

// Goes on from the digest `h` of what came before.
inline uint64_t fnv1a(const void* data, size_t size, uint64_t h = kFnvBasis) {
  for (size_t i = 0; i < size; i++) h = (h ^ static_cast<const uint8_t*>(data)[i]) * 0x100000001b3;
  return h;
}

}  // namespace rtpsonde
