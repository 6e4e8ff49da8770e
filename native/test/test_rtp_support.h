// For the tests of the rtp room: octets written as hex, in blocks of their exact
// size so that a sanitizer sees any read beyond them.
#pragma once

#include <cstring>
#include <memory>
#include <string>

#include "core/base/bytes.h"

namespace rtp_test {

class Octets {
 public:
  // Hex digits; spaces are for the reader.
  explicit Octets(const std::string& digits) : data_(new uint8_t[digits.size() / 2 + 1]) {
    std::string pair;
    std::string all;
    for (const char c : digits) {
      if (c == ' ') continue;
      pair += c;
      if (pair.size() < 2) continue;
      all += static_cast<char>(std::stoi(pair, nullptr, 16));
      pair.clear();
    }
    size_ = all.size();
    data_.reset(new uint8_t[size_]);
    if (size_ > 0) std::memcpy(data_.get(), all.data(), size_);
  }

  rtpsonde::Bytes bytes() const { return {data_.get(), size_}; }
  uint32_t size() const { return static_cast<uint32_t>(size_); }

 private:
  std::unique_ptr<uint8_t[]> data_;
  size_t size_ = 0;
};

}  // namespace rtp_test
