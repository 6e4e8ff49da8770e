// For the tests of the RTCP ledger: a tap with a table and a ledger, and RTCP in
// the words of its RFCs.
#pragma once

#include <initializer_list>
#include <list>

#include "core/stream/rtcp_ledger.h"
#include "core/window/report_record.h"
#include "test_stream_support.h"

namespace ledger_test {

using namespace rtpsonde;
using stream_test::kMillisecond;
using stream_test::kSecond;
using stream_test::number;
using stream_test::Octets;
using stream_test::put;

inline Octets operator+(Octets a, const Octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// One packet of a compound: header, then words.
inline Octets rtcp_packet(uint8_t count, uint8_t type, std::initializer_list<uint32_t> words) {
  Octets out;
  put(out, 0x80U | count, 1);
  put(out, type, 1);
  put(out, words.size(), 2);
  for (const uint32_t word : words) put(out, word, 4);
  return out;
}

struct Block {
  uint32_t ssrc;
  uint32_t highest = 0;
  int32_t lost = 0;
  uint32_t lsr = 0;
  uint32_t dlsr = 0;
  uint8_t fraction = 0;
  uint32_t jitter = 0;
};

struct Sender {
  uint64_t ntp;
  uint32_t rtp_timestamp = 0;
  uint32_t packets = 0;
  uint32_t octets = 0;
};

inline void put_blocks(Octets& out, const std::vector<Block>& blocks) {
  for (const Block& b : blocks) {
    put(out, b.ssrc, 4);
    put(out, b.fraction, 1);
    put(out, static_cast<uint32_t>(b.lost) & 0xffffff, 3);
    put(out, b.highest, 4);
    put(out, b.jitter, 4);
    put(out, b.lsr, 4);
    put(out, b.dlsr, 4);
  }
}

inline Octets rr(uint32_t ssrc, const std::vector<Block>& blocks) {
  Octets out;
  put(out, 0x80U | blocks.size(), 1);
  put(out, 201, 1);
  put(out, 1 + 6 * blocks.size(), 2);
  put(out, ssrc, 4);
  put_blocks(out, blocks);
  return out;
}

inline Octets sr(uint32_t ssrc, const Sender& s, const std::vector<Block>& blocks = {}) {
  Octets out;
  put(out, 0x80U | blocks.size(), 1);
  put(out, 200, 1);
  put(out, 6 + 6 * blocks.size(), 2);
  put(out, ssrc, 4);
  put(out, s.ntp, 8);
  put(out, s.rtp_timestamp, 4);
  put(out, s.packets, 4);
  put(out, s.octets, 4);
  put_blocks(out, blocks);
  return out;
}

// XR with a receiver reference time (BT 4) or an answer to one (BT 5).
inline Octets xr_rrtr(uint32_t ssrc, uint64_t ntp) {
  return rtcp_packet(0, 207,
                     {ssrc, 0x04000002, static_cast<uint32_t>(ntp >> 32), static_cast<uint32_t>(ntp)});
}
inline Octets xr_dlrr(uint32_t ssrc, uint32_t to, uint32_t lrr, uint32_t dlrr) {
  return rtcp_packet(0, 207, {ssrc, 0x05000003, to, lrr, dlrr});
}

// From where to where; 192.0.2.src to 192.0.2.dst, or behind 2001:db8::.
struct Flow {
  uint8_t src = 1;
  uint8_t dst = 2;
  uint16_t src_port = 5004;
  uint16_t dst_port = 6004;
  bool ipv6 = false;
};

inline Address address(uint8_t last, bool ipv6) {
  if (!ipv6) {
    const uint8_t ipv4[4] = {192, 0, 2, last};
    return map_ipv4(ipv4);
  }
  Address a{0x20, 0x01, 0x0d, 0xb8};
  a[15] = last;
  return a;
}

class Tap : public RtcpRows {
 public:
  static Datagram datagram(const Flow& f, int64_t ts_ns) {
    Datagram d{};
    d.ts_ns = ts_ns;
    d.src = address(f.src, f.ipv6);
    d.dst = address(f.dst, f.ipv6);
    d.src_port = f.src_port;
    d.dst_port = f.dst_port;
    d.ip_version = f.ipv6 ? 6 : 4;
    return d;
  }

  void rtp(const Flow& f, uint32_t ssrc, uint16_t seq, int64_t ts_ns, uint32_t octets = 160,
           uint8_t payload_type = 0) {
    const Datagram d = datagram(f, ts_ns);
    const StreamKey key = make_key(d.src, d.dst, d.ip_version, d.src_port, d.dst_port, ssrc, seed_);
    const uint64_t hash = hash_key(key, seed_);
    const RtpPacket packet{ts_ns, {seq * 160U, ssrc, octets, seq, payload_type, false}, kNoVlan, 46};
    uint32_t row = table_.find(key, hash);
    if (row == StreamTable::kNone) {
      row = table_.insert(key, hash, d.src, d.dst, d.ip_version);
      accounting_.begin(table_.hot(row), table_.cold(row), packet);
      table_.hot(row).status = StreamStatus::kAccepted;
      ledger_.note_stream(row);
      return;
    }
    const uint32_t before = table_.hot(row).max_seq;
    accounting_.update(table_.hot(row), table_.cold(row), packet);
    if (table_.hot(row).max_seq >> 6 != before >> 6 && kept_[row] != nullptr) {
      kept_[row]->history.note(table_.hot(row));
    }
  }

  void stretch(const Flow& f, uint32_t ssrc, uint16_t from, uint16_t to, int64_t ts_ns) {
    for (uint32_t seq = from; seq <= to; seq++, ts_ns += kMillisecond) {
      rtp(f, ssrc, static_cast<uint16_t>(seq), ts_ns);
    }
  }

  Counter rtcp(const Flow& f, const Octets& content, int64_t ts_ns, uint32_t cut = 0) {
    // A block of its own size: the sanitizer sees any read beyond it.
    const Octets captured(content.begin(), content.end() - cut);
    return ledger_.take(datagram(f, ts_ns), {captured.data(), captured.size()},
                        static_cast<uint32_t>(content.size()));
  }

  // The row of a stream that RTCP spoke of; null when none did.
  RtcpRow* row(const Flow& f, uint32_t ssrc) {
    const Datagram d = datagram(f, 0);
    const StreamKey key = make_key(d.src, d.dst, d.ip_version, d.src_port, d.dst_port, ssrc, seed_);
    const uint32_t stream = table_.find(key, hash_key(key, seed_));
    return stream == StreamTable::kNone ? nullptr : kept_[stream];
  }

  RtcpRow& row_of(uint32_t stream) override {
    if (kept_[stream] == nullptr) kept_[stream] = &rows_.emplace_back();
    return *kept_[stream];
  }
  EndpointReport& take_endpoint() override { return endpoints_.emplace_back(); }

  StreamTable& table() { return table_; }
  RtcpLedger& ledger() { return ledger_; }

 private:
  HashSeed seed_{{1, 2, 3, 4}};
  StreamTable table_{64};
  ClockTable clocks_{stream_test::payload_types()};
  Accounting accounting_{clocks_, stream_test::accounting_options(), table_.parts()};
  std::list<RtcpRow> rows_;
  std::list<EndpointReport> endpoints_;
  RtcpRow* kept_[64] = {};
  RtcpLedger ledger_{table_, seed_, *this};
};

}  // namespace ledger_test
