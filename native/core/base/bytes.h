// Reading big-endian fields from untrusted bytes. Everything the wire can
// carry goes through these helpers, so a bound is checked in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace rtpsonde {

inline uint16_t load_be16(const uint8_t* p) {
  uint16_t v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap16(v);
}

inline uint32_t load_be32(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap32(v);
}

inline uint64_t load_be64(const uint8_t* p) {
  uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return __builtin_bswap64(v);
}

// A view of bytes that were really captured. It never owns and never writes.
struct Bytes {
  const uint8_t* data = nullptr;
  size_t size = 0;

  bool has(size_t offset, size_t count) const { return offset <= size && count <= size - offset; }
  // The rest after `offset`; empty when the offset lies beyond the end.
  Bytes from(size_t offset) const {
    return offset <= size ? Bytes{data + offset, size - offset} : Bytes{data + size, 0};
  }
  // At most the first `count` bytes.
  Bytes first(size_t count) const { return {data, count < size ? count : size}; }
  uint8_t u8(size_t offset) const { return data[offset]; }
  uint16_t be16(size_t offset) const { return load_be16(data + offset); }
  uint32_t be32(size_t offset) const { return load_be32(data + offset); }
  uint64_t be64(size_t offset) const { return load_be64(data + offset); }
};

}  // namespace rtpsonde
