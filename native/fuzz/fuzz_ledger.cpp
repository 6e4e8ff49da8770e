// Any RTCP between any RTP, into a table and the ledger beside it: sums of what is
// found agree with each other, windows add up, rows go and come.
//
// Input: steps of an op octet and what it takes.
//   0..3  RTP: sequence number (2); op & 3 tells the stream
//   4..7  RTCP: octets cut off (1), length (1), content; op & 3 tells the flow
//   8     a window ends
//   9     a stream ends: which (1)
//   10..  time passes: op - 9 times 20 ms
#include <algorithm>
#include <cmath>
#include <cstring>
#include <list>
#include <memory>

#include "core/stream/accounting.h"
#include "core/stream/rtcp_ledger.h"
#include "core/window/report_record.h"
#include "fuzz_support.h"

namespace {

using namespace rtpsonde;
using fuzz::check;

constexpr uint32_t kStreams = 4;

struct Slot {
  bool used = false;
  RtcpRow row{};
  EndpointReport endpoint;
};

AccountingOptions accounting_options() {
  AccountingOptions options;
  options.playout.profiles = {{false, 50, 100}};
  options.stall_ns = 500'000'000;
  return options;
}

class World : public RtcpRows {
 public:
  RtcpRow& row_of(uint32_t stream) override {
    check(stream < table_.high_water());
    Slot& slot = slots_[stream];
    if (!slot.used) slot = {};
    slot.used = true;
    return slot.row;
  }
  EndpointReport& take_endpoint() override {
    Slot* const slot =
        std::ranges::find_if(slots_, [](const Slot& s) { return s.used && s.row.endpoint == nullptr; });
    check(slot != std::end(slots_));
    return slot->endpoint;
  }

  void pass(int64_t ns) { now_ns_ += ns; }

  void rtp(uint32_t which, uint16_t seq) {
    const Datagram d = datagram(which, 0);
    const StreamKey key = make_key(d.src, d.dst, 4, d.src_port, d.dst_port, ssrc(which), seed_);
    const uint64_t hash = hash_key(key, seed_);
    const RtpPacket packet{now_ns_, {seq * 160U, ssrc(which), 160, seq, 0, false}, kNoVlan, 0};
    uint32_t row = table_.find(key, hash);
    if (row == StreamTable::kNone) {
      row = table_.insert(key, hash, d.src, d.dst, 4);
      check(row != StreamTable::kNone);
      accounting_.begin(table_.hot(row), table_.cold(row), packet);
      // Every other one stays in probation for a packet.
      if (which % 2 == 0) accept(row);
      return;
    }
    StreamHot& hot = table_.hot(row);
    const uint32_t before = hot.max_seq;
    accounting_.update(hot, table_.cold(row), packet);
    if (hot.status == StreamStatus::kProbation) accept(row);
    if (hot.max_seq >> 6 != before >> 6 && slots_[row].used) slots_[row].row.history.note(hot);
  }

  void rtcp(uint32_t which, const uint8_t* data, uint32_t len, uint32_t cut) {
    const size_t size = len - std::min(cut, len);
    const fuzz::Exact captured(data, size);
    if (size < 8) return;  // classify() would not have taken it for RTCP
    const Counter fate = ledger_.take(datagram(which, which < 2 ? 1 : 0), captured.bytes(), len);
    check(fate == Counter::kRtcp || fate == Counter::kEncryptedRtcp || fate == Counter::kMalformedRtcp);
    for (uint32_t row = 0; row < table_.high_water(); row++) hold(row);
  }

  void close_window() {
    for (uint32_t row = 0; row < table_.high_water(); row++) {
      if (table_.hot(row).status == StreamStatus::kFree || !slots_[row].used) continue;
      Told& told = told_[row];
      RtcpRow& of = slots_[row].row;
      const ReportRecord window = report_record(of, ReportSpan::kWindow, 1, row);
      of.begin_window();
      told.add(window);
      told.equal(report_record(of, ReportSpan::kWhole, 1, row));
    }
  }

  void end(uint32_t which) {
    const Datagram d = datagram(which, 0);
    const StreamKey key = make_key(d.src, d.dst, 4, d.src_port, d.dst_port, ssrc(which), seed_);
    const uint64_t hash = hash_key(key, seed_);
    const uint32_t row = table_.find(key, hash);
    if (row == StreamTable::kNone) return;
    slots_[row].used = false;
    told_[row] = {};
    table_.erase(row, hash);
  }

 private:
  // Sums of what the windows told.
  struct Told {
    double expected = 0, upstream = 0, downstream = 0, sender_packets = 0, tap_octets = 0;
    uint64_t blocks = 0, round_trips = 0, rejected = 0, reports = 0, nacked = 0, uncommon = 0;
    void add(const ReportRecord& r) {
      expected += r.side_expected;
      upstream += r.upstream_lost;
      downstream += r.downstream_lost;
      sender_packets += r.sender_packets;
      tap_octets += r.tap_octets;
      blocks += r.report_blocks;
      round_trips += r.downstream_rtt_count + r.upstream_rtt_count;
      rejected += r.downstream_rtt_rejected + r.upstream_rtt_rejected;
      reports += r.reports;
      nacked += r.nacked_packets;
      uncommon += r.tmmbns + r.tstrs + r.tstns + r.vbcms + r.xr_skipped + r.xr_dropped +
                  r.xr_without_interval + r.unknown_lrrs + r.app_packets + r.other_rtcp_packets;
    }
    void equal(const ReportRecord& r) const {
      Told whole;
      whole.add(r);
      check(whole.expected == expected && whole.upstream == upstream && whole.downstream == downstream);
      check(whole.sender_packets == sender_packets && whole.tap_octets == tap_octets);
      check(whole.blocks == blocks && whole.round_trips == round_trips && whole.rejected == rejected);
      check(whole.reports == reports && whole.nacked == nacked && whole.uncommon == uncommon);
    }
  };

  // What is true of a row at any time.
  void hold(uint32_t row) {
    if (table_.hot(row).status == StreamStatus::kFree || !slots_[row].used) return;
    const RtcpRow& of = slots_[row].row;
    check(table_.hot(row).status == StreamStatus::kAccepted);
    for (const RttLeg* leg : {&of.downstream, &of.upstream}) {
      const RoundTrips& trips = leg->whole;
      if (trips.count == 0) continue;
      check(trips.min_us <= trips.max_us && trips.max_us <= 60'000'000);
      check(trips.sum_us >= uint64_t{trips.min_us} * trips.count);
      check(trips.sum_us <= uint64_t{trips.max_us} * trips.count);
      check(leg->window.count <= trips.count);
    }
    const LossInterval& loss = of.loss.whole();
    check(loss.expected >= 0 && loss.tap_duplicates >= 0);
    check(loss.upstream() + loss.downstream() == loss.reported_lost);
    check(loss.missed_by_capture() >= 0);
    check(of.sender.whole().sender_packets >= 0);
    check(of.bye_reason_octets <= kByeReasonOctets);
    check(of.counts.whole(RtcpCount::kXrWithoutInterval) <= of.counts.whole(RtcpCount::kXrBlocks));
    const ReceptionReports::Figures& told = of.reception.whole();
    check(told.jitter.sum_ticks <= told.jitter.max_ticks * told.jitter.reports * (1 + 1e-9));
    check(told.offset_jitter.sum_ticks <=
          told.offset_jitter.max_ticks * told.offset_jitter.reports * (1 + 1e-9));
    if (of.endpoint != nullptr) hold_endpoint(*of.endpoint);
    check(of.reception.whole().jitter.reports <= of.counts.whole(RtcpCount::kReportBlocks));
  }

  // A figure is of one span, and none that is not known is of any.
  static void hold_endpoint(const EndpointReport& endpoint) {
    const float* const figures = &endpoint.figures.loss_rate;
    for (size_t i = 0; i < 32 * kFigureWords; i++) {
      const bool interval = (endpoint.interval_bits()[i / 32] >> (i % 32) & 1) != 0;
      const bool sampled = (endpoint.sampled_bits()[i / 32] >> (i % 32) & 1) != 0;
      check(!(interval && sampled));
      if (interval || sampled) check(i < kEndpointFigures && !std::isnan(figures[i]));
    }
  }

  void accept(uint32_t row) {
    table_.hot(row).status = StreamStatus::kAccepted;
    ledger_.note_stream(row);
  }

  static uint32_t ssrc(uint32_t which) { return 0x0101'0101U * (which + 1); }

  // Streams 0 and 1 run forth, 2 and 3 back.
  Datagram datagram(uint32_t which, uint16_t port_distance) const {
    const uint8_t here[4] = {192, 0, 2, 1}, there[4] = {192, 0, 2, 2};
    Datagram d{};
    d.ts_ns = now_ns_;
    d.src = map_ipv4(which < 2 ? here : there);
    d.dst = map_ipv4(which < 2 ? there : here);
    d.src_port = static_cast<uint16_t>((which < 2 ? 5004 : 6004) + port_distance);
    d.dst_port = static_cast<uint16_t>((which < 2 ? 6004 : 5004) + port_distance);
    d.ip_version = 4;
    return d;
  }

  int64_t now_ns_ = 0;
  HashSeed seed_{{1, 2, 3, 4}};
  ClockTable clocks_{{{0, 8000, MediaKind::kAudio, ClockSource::kStatic}}};
  StreamTable table_{kStreams};
  Accounting accounting_{clocks_, accounting_options(), table_.parts()};
  Slot slots_[kStreams];
  Told told_[kStreams];
  RtcpLedger ledger_{table_, seed_, *this};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 8192) return 0;
  World world;
  for (size_t at = 0; at < size;) {
    const uint8_t op = data[at++];
    if (op < 4) {
      if (size - at < 2) break;
      world.rtp(op, static_cast<uint16_t>(data[at] << 8 | data[at + 1]));
      at += 2;
    } else if (op < 8) {
      if (size - at < 2) break;
      const uint32_t cut = data[at], len = data[at + 1];
      at += 2;
      if (size - at < len) break;
      world.rtcp(op & 3, data + at, len, cut);
      at += len;
    } else if (op == 8) {
      world.close_window();
    } else if (op == 9) {
      if (at == size) break;
      world.end(data[at++] & 3);
    } else {
      world.pass((op - 9) * int64_t{20'000'000});
    }
  }
  world.close_window();
  return 0;
}
