// One line of JSON, field by field, for the programs in this folder.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <type_traits>

#include "core/base/bytes.h"

namespace tools {

class JsonLine {
 public:
  template <typename T>
  JsonLine& add(const char* name, T value) {
    char text[32];
    if constexpr (std::is_same_v<T, bool>) {
      std::snprintf(text, sizeof text, "%s", value ? "true" : "false");
    } else if constexpr (std::is_floating_point_v<T>) {
      if (std::isnan(value)) return raw(name, "null");
      std::snprintf(text, sizeof text, "%.17g", value);
    } else {
      std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value));
    }
    return raw(name, text);
  }
  JsonLine& add(const char* name, const char* value) { return raw(name, quote(value)); }
  JsonLine& ssrc(const char* name, uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof text, "\"0x%08x\"", value);
    return raw(name, text);
  }
  // 64 bits are more than a JSON number holds.
  JsonLine& ntp(const char* name, uint64_t value) {
    char text[24];
    std::snprintf(text, sizeof text, "\"%016llx\"", static_cast<unsigned long long>(value));
    return raw(name, text);
  }
  // Octets as hexadecimal digits.
  JsonLine& hex(const char* name, rtpsonde::Bytes value) {
    std::string digits;
    char pair[3];
    for (size_t i = 0; i < value.size; i++) {
      std::snprintf(pair, sizeof pair, "%02x", value.u8(i));
      digits += pair;
    }
    return raw(name, quote(digits));
  }
  // A list whose elements are written already.
  JsonLine& list(const char* name, const std::string& elements) { return raw(name, "[" + elements + "]"); }

  std::string object() const { return "{" + text_ + "}"; }

 private:
  static std::string quote(const std::string& value) { return "\"" + value + "\""; }
  JsonLine& raw(const char* name, const std::string& value) {
    if (!text_.empty()) text_ += ",";
    text_ += quote(name) + ":" + value;
    return *this;
  }

  std::string text_;
};

}  // namespace tools
