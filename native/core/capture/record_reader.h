// What the pcap and the pcapng reader have in common: they turn the bytes in a
// ByteReader into packet views, and say why they stopped.
#pragma once

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "core/capture/byte_reader.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

// A packet that claims more captured bytes than this is damage, not a packet:
// no network has frames of that size, and the claim decides what is allocated.
constexpr uint32_t kMaxPacketBytes = 1024 * 1024;

// A limit for RecordReader::take that every packet is later than.
constexpr int64_t kBeforeAllTime = std::numeric_limits<int64_t>::min();

enum class Step {
  kFull,       // the batch is full
  kLater,      // the next packet is later than the limit; head_ns() is its time
  kMoreBytes,  // the next record is not whole in the buffer; want() bytes would do
  kBroken      // the bytes make no sense from here on; why() says it
};

class RecordReader {
 public:
  virtual ~RecordReader() = default;

  // Appends packets to the batch until it is full or a packet is later than
  // limit_ns. That one is not consumed. The views point into `in`.
  virtual Step take(ByteReader& in, PacketBatch& batch, int64_t limit_ns) = 0;

  // True when the record that is being read has bytes that were consumed already.
  virtual bool inside_record() const { return false; }

  int64_t head_ns() const { return head_ns_; }
  size_t want() const { return want_; }
  const std::string& why() const { return why_; }

  // Packets taken so far, the ones that had to be left out included.
  uint64_t packets() const { return packets_; }
  // Where the record begins that the last Step was about.
  uint64_t record_offset() const { return record_offset_; }
  // Length of that record when more bytes are wanted, as far as it is known.
  uint64_t record_bytes() const { return record_bytes_; }
  // Oddities that did not end the reading, each kind once.
  const std::vector<std::string>& notes() const { return notes_; }

 protected:
  // Where a loop over the buffer ends: what lies before `at` is consumed.
  void leave(ByteReader& in, const uint8_t* at) {
    in.consume(static_cast<size_t>(at - in.data()));
    record_offset_ = in.offset();
  }
  Step later(int64_t ts_ns) {
    head_ns_ = ts_ns;
    return Step::kLater;
  }
  Step more_bytes(size_t want) { return more_bytes(want, want); }
  Step more_bytes(size_t want, uint64_t record_bytes) {
    want_ = want;
    record_bytes_ = record_bytes;
    return Step::kMoreBytes;
  }
  Step broken(std::string why) {
    why_ = std::move(why);
    return Step::kBroken;
  }

  int64_t head_ns_ = 0;
  size_t want_ = 0;
  std::string why_;
  uint64_t packets_ = 0;
  uint64_t record_offset_ = 0;
  uint64_t record_bytes_ = 0;
  std::vector<std::string> notes_;
};

// Fields of capture files have the byte order of the machine that wrote them.
template <bool kSwapped>
inline uint32_t load_u32(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return kSwapped ? __builtin_bswap32(v) : v;
}

template <bool kSwapped>
inline uint16_t load_u16(const uint8_t* p) {
  uint16_t v;
  std::memcpy(&v, p, sizeof v);
  return kSwapped ? __builtin_bswap16(v) : v;
}

template <bool kSwapped>
inline uint64_t load_u64(const uint8_t* p) {
  uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return kSwapped ? __builtin_bswap64(v) : v;
}

// LINKTYPE_RAW is 101, but DLT_RAW is 12 on Linux and 14 on OpenBSD, and files
// with these numbers exist.
inline uint16_t normal_link_type(uint32_t number) {
  if (number == 12 || number == 14) return static_cast<uint16_t>(LinkType::kRawIp);
  return static_cast<uint16_t>(number);
}

}  // namespace rtpsonde
