// What the tests of the capture room share: bytes written as hex, files in a
// folder that goes away, and packets as text that can be compared at once.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "core/capture/packet_source.h"

namespace capture_test {

// Octets from hex digits; spaces are for the reader.
inline std::string hex(std::string_view digits) {
  std::string out;
  int high = -1;
  for (const char c : digits) {
    if (c == ' ') continue;
    const int value = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high < 0) {
      high = value;
    } else {
      out += static_cast<char>(high << 4 | value);
      high = -1;
    }
  }
  return out;
}

inline std::string to_hex(const uint8_t* data, size_t size) {
  std::string out;
  char two[3];
  for (size_t i = 0; i < size; i++) {
    std::snprintf(two, sizeof two, "%02x", data[i]);
    out += two;
  }
  return out;
}

// Numbers of little-endian files.
inline std::string le16(uint32_t v) { return {static_cast<char>(v), static_cast<char>(v >> 8)}; }
inline std::string le32(uint32_t v) { return le16(v & 0xffff) + le16(v >> 16); }

inline std::string pcap_header() { return hex("d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000"); }
inline std::string pcap_record(uint32_t seconds, uint32_t microseconds, const std::string& bytes) {
  const auto size = static_cast<uint32_t>(bytes.size());
  return le32(seconds) + le32(microseconds) + le32(size) + le32(size) + bytes;
}

// A whole pcapng block around a body that is padded already.
inline std::string block(uint32_t type, const std::string& body) {
  const std::string total = le32(static_cast<uint32_t>(body.size()) + 12);
  return le32(type) + total + body + total;
}
inline std::string section() { return block(0x0a0d0d0a, hex("4d3c2b1a 0100 0000 ffffffffffffffff")); }
inline std::string interface(uint32_t link_type, const std::string& options = "") {
  return block(1, le16(link_type) + le16(0) + le32(0) + options);
}
inline std::string enhanced_packet(uint32_t interface_id, uint64_t ticks, const std::string& bytes) {
  const auto size = static_cast<uint32_t>(bytes.size());
  return block(6, le32(interface_id) + le32(static_cast<uint32_t>(ticks >> 32)) +
                      le32(static_cast<uint32_t>(ticks)) + le32(size) + le32(size) + bytes +
                      std::string((4 - size % 4) % 4, '\0'));
}

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "rtpsonde-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  void append(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary | std::ios::app) << bytes;
  }
  // A sentence of problems() without the name of the folder.
  std::string without_path(std::string sentence) const {
    for (size_t at; (at = sentence.find(path_ + "/")) != std::string::npos;) {
      sentence.erase(at, path_.size() + 1);
    }
    return sentence;
  }

 private:
  std::string path_;
};

// "SECONDS.NANOSECONDS linkLINKTYPE CAPTURED/WIRE HEX"
inline std::string line(const rtpsonde::PacketView& packet) {
  char head[80];
  const int64_t seconds = packet.ts_ns / 1'000'000'000;
  std::snprintf(head, sizeof head, "%lld.%09lld link%u %zu/%u ", static_cast<long long>(seconds),
                static_cast<long long>(packet.ts_ns - seconds * 1'000'000'000), unsigned{packet.link_type},
                packet.bytes.size, packet.wire_len);
  return head + to_hex(packet.bytes.data, packet.bytes.size);
}

inline void append_lines(std::string& text, const rtpsonde::PacketBatch& batch) {
  for (size_t i = 0; i < batch.count; i++) text += line(batch.packets[i]) + "\n";
}

// All packets of an opened source, one line each.
inline std::string packets_of(rtpsonde::PacketSource& source) {
  std::string text;
  rtpsonde::PacketBatch batch;
  while (source.read(batch, 2000) == rtpsonde::ReadStatus::kPackets) append_lines(text, batch);
  return text;
}

inline std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += sentence + "\n";
  return text;
}

}  // namespace capture_test
