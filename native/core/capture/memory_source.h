// Packets from memory, for tests and benchmarks.
#pragma once

#include <algorithm>

#include "core/base/prefetch.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

class MemorySource : public PacketSource {
 public:
  // Copies one packet to the end. Not while views from read() are in use.
  // wire_len 0: as long as the bytes. stripped_vlan: see PacketView.
  void add(int64_t ts_ns, Bytes bytes, uint32_t wire_len = 0, LinkType link_type = LinkType::kEthernet,
           uint16_t stripped_vlan = kNoVlan) {
    entries_.push_back({ts_ns, bytes_.size(), static_cast<uint32_t>(bytes.size),
                        wire_len > 0 ? wire_len : static_cast<uint32_t>(bytes.size),
                        static_cast<uint16_t>(link_type), stripped_vlan});
    if (bytes.size > 0) bytes_.insert(bytes_.end(), bytes.data, bytes.data + bytes.size);
  }

  // Makes room for so many packets and bytes at once.
  void reserve(size_t packets, size_t bytes) {
    entries_.reserve(packets);
    bytes_.reserve(bytes);
  }

  // Begins again at the first packet.
  void rewind() { next_ = 0; }

  size_t size() const { return entries_.size(); }

  void open() override {}

  ReadStatus read(PacketBatch& batch, int /*timeout_ms*/) override {
    const uint8_t* const base = bytes_.data();
    const size_t count = std::min(entries_.size() - next_, PacketBatch::kCapacity);
    for (size_t i = 0; i < count; i++) {
      const Entry& entry = entries_[next_ + i];
      // Without a single octet there is no base to count from.
      const uint8_t* const data = base != nullptr ? base + entry.offset : nullptr;
      // What is handed out later is asked for now: where packets are long, no other line than
      // those with their headers.
      const Entry& later = entries_[std::min(next_ + i + kLookAhead, entries_.size() - 1)];
      if (base != nullptr) prefetch<128>(base + later.offset);
      batch.packets[i] = {
          entry.ts_ns, {data, entry.size}, entry.wire_len, entry.link_type, entry.stripped_vlan};
    }
    next_ += count;
    batch.count = count;
    return count > 0 ? ReadStatus::kPackets : ReadStatus::kEnd;
  }

  SourceStats stats() override {
    SourceStats all;
    all.bytes_total = bytes_.size();
    all.bytes_read = next_ < entries_.size() ? entries_[next_].offset : bytes_.size();
    return all;
  }
  int64_t idle_now_ns() override { return -1; }
  bool live() const override { return false; }
  std::vector<std::string> problems() override { return {}; }

 private:
  static constexpr size_t kLookAhead = PacketBatch::kCapacity;  // packets

  struct Entry {
    int64_t ts_ns;
    size_t offset;  // in bytes_
    uint32_t size;
    uint32_t wire_len;
    uint16_t link_type;
    uint16_t stripped_vlan;
  };

  std::vector<uint8_t> bytes_;
  std::vector<Entry> entries_;
  size_t next_ = 0;
};

}  // namespace rtpsonde
