// What is kept of the extended reports of an endpoint: of whom, of which span, and each
// figure of each block.
#include <cmath>

#include "test_stream_ledger_support.h"

using namespace ledger_test;

namespace {

constexpr uint32_t kA = 0xa, kB = 0xb, kC = 0xc;
constexpr Flow kForth{1, 2, 5004, 6004};
constexpr Flow kBack{2, 1, 6005, 5005};

// A tap that saw stream kA, of which XR packets speak.
struct Listener : Tap {
  Listener() { stretch(kForth, kA, 1, 10, 0); }

  // One XR packet of `reporter` with one block, after a receiver report as RFC 3550 6.1 has it.
  void tell(std::initializer_list<uint32_t> block, int64_t ts_ns = kSecond, uint32_t reporter = kB) {
    rtcp(kBack, rr(reporter, {{kA, 10}}) + xr(block, reporter), ts_ns);
  }
  static Octets xr(std::initializer_list<uint32_t> block, uint32_t reporter = kB) {
    Octets out = rtcp_packet(0, 207, {reporter});
    for (const uint32_t word : block) put(out, word, 4);
    out[3] = static_cast<uint8_t>(1 + block.size());
    return out;
  }

  const RtcpRow& about() { return *row(kForth, kA); }
  const EndpointFigures& figures() { return about().endpoint->figures; }
  ReportRecord record() { return report_record(about(), ReportSpan::kWhole, 1, 0); }
  uint32_t count(RtcpCount what) { return about().counts.whole(what); }
};

bool has(const uint32_t (&bits)[5], const EndpointFigures& figures, const float& figure) {
  const auto index = static_cast<size_t>(&figure - &figures.loss_rate);
  return (bits[index / 32] >> (index % 32) & 1) != 0;
}

// BT 24: I (11 cumulative, 10 interval), DT (10 late), length 2, SSRC, packets.
constexpr std::initializer_list<uint32_t> kLateInAll = {0x18e00002, kA, 100};
constexpr std::initializer_list<uint32_t> kLateLately = {0x18a00002, kA, 1};

}  // namespace

TEST_CASE("A cumulative figure is not replaced by one of an interval, in whatever order they come") {
  for (const bool cumulative_first : {true, false}) {
    INFO(cumulative_first);
    Listener tap;
    tap.rtcp(kBack,
             rr(kB, {{kA, 10}}) + tap.xr(cumulative_first ? kLateInAll : kLateLately) +
                 tap.xr(cumulative_first ? kLateLately : kLateInAll),
             kSecond);
    CHECK(tap.figures().discarded_late_packets == 100);
    tap.tell(kLateLately, 2 * kSecond);
    CHECK(tap.figures().discarded_late_packets == 100);
    tap.tell({0x18e00002, kA, 103}, 3 * kSecond);
    CHECK(tap.figures().discarded_late_packets == 103);
    const ReportRecord r = tap.record();
    CHECK_FALSE(has(r.endpoint_interval_bits, r.endpoint, r.endpoint.discarded_late_packets));
  }
}

TEST_CASE("A figure of an interval is told apart, and replaced by the next one") {
  Listener tap;
  tap.tell(kLateLately);
  tap.tell({0x18a00002, kA, 7}, 2 * kSecond);
  tap.tell({0x18900002, kA, 3}, 2 * kSecond);  // DT 01: early, another figure
  CHECK(tap.figures().discarded_late_packets == 7);
  CHECK(tap.figures().discarded_early_packets == 3);
  const ReportRecord r = tap.record();
  CHECK(has(r.endpoint_interval_bits, r.endpoint, r.endpoint.discarded_late_packets));
  CHECK_FALSE(has(r.endpoint_interval_bits, r.endpoint, r.endpoint.mos_lq));
  CHECK_FALSE(has(r.endpoint_sampled_bits, r.endpoint, r.endpoint.discarded_late_packets));
}

TEST_CASE("The figures of one block are of one span and one kind") {
  Listener tap;
  // BT 15: I, pdvtyp (0 MAPDV2, 1 two-point); thresholds and mean are S11:4 ms, percentiles 8:8.
  tap.tell({0x0f440004, kA, 0x00100a00, 0x00200b00, 0x00300000});  // sampled, two-point
  ReportRecord r = tap.record();
  CHECK(r.endpoint.pdv_mean_ms == 3);
  CHECK(r.endpoint_pdv_kind == 1);
  CHECK(has(r.endpoint_sampled_bits, r.endpoint, r.endpoint.pdv_mean_ms));
  tap.tell({0x0fc00004, kA, 0x01007fff, 0x02007fff, 0x03000000});  // cumulative, MAPDV2
  tap.tell({0x0f840004, kA, 0x00100a00, 0x00200b00, 0x00300000});  // interval, two-point
  r = tap.record();
  CHECK(r.endpoint.pdv_mean_ms == 48);
  CHECK(r.endpoint.pdv_positive_ms == 16);
  CHECK(r.endpoint_pdv_kind == 0);
  CHECK_FALSE(has(r.endpoint_sampled_bits, r.endpoint, r.endpoint.pdv_mean_ms));
}

TEST_CASE("What is not available in all time does not hide what is known of an interval") {
  Listener tap;
  tap.tell({0x18a00002, kA, 7});
  tap.tell({0x18e00002, kA, 0xffffffff}, 2 * kSecond);  // unavailable
  CHECK(tap.figures().discarded_late_packets == 7);
  tap.tell({0x18a00002, kA, 0xffffffff}, 3 * kSecond);
  CHECK(std::isnan(tap.figures().discarded_late_packets));
  const ReportRecord r = tap.record();
  CHECK_FALSE(has(r.endpoint_interval_bits, r.endpoint, r.endpoint.discarded_late_packets));
}

TEST_CASE("One reporter is followed, until it was silent for 30 s") {
  Listener tap;
  const auto voip = [&](uint32_t mos_lq, uint32_t reporter, int64_t ts_ns) {
    tap.tell({0x07000008, kA, 0, 0, 0, 0x7f7f7f10, 0x7f7f007f | mos_lq << 8, 0, 0}, ts_ns, reporter);
  };
  voip(44, kB, kSecond);
  voip(20, kC, 2 * kSecond);
  CHECK(tap.figures().mos_lq == 4.4F);
  CHECK(tap.record().endpoint_reporter_ssrc == kB);
  CHECK(tap.record().endpoint_ns == kSecond);
  CHECK(tap.count(RtcpCount::kXrBlocks) == 2);
  tap.tell(kLateInAll, 3 * kSecond);
  voip(20, kC, 34 * kSecond);
  CHECK(tap.figures().mos_lq == 2.0F);
  CHECK(tap.record().endpoint_reporter_ssrc == kC);
  // Nothing is left of the former one, cumulative or not.
  CHECK(std::isnan(tap.figures().discarded_late_packets));
  tap.tell(kLateLately, 35 * kSecond, kC);
  CHECK(tap.figures().discarded_late_packets == 1);
}

TEST_CASE("Interval figures without measurement information are kept, and counted") {
  Listener tap;
  tap.tell(kLateLately);
  CHECK(tap.count(RtcpCount::kXrWithoutInterval) == 1);
  // BT 14: SSRC, first sequence, interval's first and last, 5 s, 60.5 s.
  const Octets info = tap.xr({0x0e000007, kA, 1, 1, 10, 0x00050000, 0x0000003c, 0x80000000});
  tap.rtcp(kBack, rr(kB, {{kA, 10}}) + info + tap.xr(kLateLately), 2 * kSecond);
  tap.tell(kLateInAll, 3 * kSecond);
  CHECK(tap.count(RtcpCount::kXrWithoutInterval) == 1);
  CHECK(tap.figures().interval_ms == 5000);
  CHECK(tap.figures().cumulative_ms == 60'500);
  tap.tell({0x18900002, kA, 3}, 4 * kSecond);
  CHECK(tap.count(RtcpCount::kXrWithoutInterval) == 2);
}

TEST_CASE("Run lengths tell of losses, copies and discards") {
  Listener tap;
  // Sequence numbers 10..19 in one bit vector: 1100 1111 10, and a null chunk.
  constexpr uint32_t kRange = 0x000a0014, kChunks = 0xe7c00000;
  tap.tell({0x01000003, kA, kRange, kChunks});
  tap.tell({0x02000003, kA, kRange, kChunks});
  tap.tell({0x0a000003, kA, kRange, kChunks});
  tap.tell({0x19000003, kA, kRange, kChunks});     // E 0: late, a 1 is a discard
  tap.tell({0x19100003, kA, kRange, 0x400a0000});  // E 1: early, a run of ten ones
  tap.tell({0x03000005, kA, 0x000a000d, 800, 960, 1120});
  const EndpointFigures& f = tap.figures();
  CHECK(f.rle_lost_packets == 3);
  CHECK(f.rle_longest_loss_packets == 2);
  CHECK(f.rle_loss_runs == 2);
  CHECK(f.rle_duplicate_packets == 3);
  CHECK(f.post_repair_lost_packets == 3);
  CHECK(f.post_repair_longest_loss_packets == 2);
  CHECK(f.rle_discarded_late_packets == 7);
  CHECK(f.rle_discarded_early_packets == 10);
  CHECK(f.receipt_times == 3);
}

TEST_CASE("Bursts and gaps of loss and of discard are kept apart, with all their sums") {
  Listener tap;
  // BT 17: rates in 1/32768, mean, variance.
  tap.tell({0x11c00003, kA, 0x40000800, 0x00c80190});
  // BT 20: C; threshold 16, sum 300 ms; lost 5, expected 20; bursts 2, squares 2^32 + 45000.
  tap.tell({0x14e00005, kA, 0x1000012c, 0x00000500, 0x00140021, 45'000});
  // BT 21: threshold 8, discarded 4, expected 9.
  tap.tell({0x15c00003, kA, 0x08000004, 0x00000900});
  // BT 35: threshold 12, sum 250 ms; discarded 6, bursts 3, expected 11; discarded in all 30.
  tap.tell({0x23c00005, kA, 0x0c0000fa, 0x00000600, 0x0300000b, 30});
  const EndpointFigures& f = tap.figures();
  CHECK(f.burst_loss_rate == 0.5F);
  CHECK(f.gap_loss_rate == 0.0625F);
  CHECK(f.burst_mean_ms == 200);
  CHECK(f.burst_variance_ms2 == 400);
  CHECK(f.burst_threshold_packets == 16);
  CHECK(f.burst_sum_ms == 300);
  CHECK(f.burst_lost_packets == 5);
  CHECK(f.burst_expected_packets == 20);
  CHECK(f.bursts == 2);
  CHECK(f.burst_squares_ms2 == 4'294'967'296.0F + 45'000);
  CHECK(tap.about().endpoint->burst_combined == 1);
  CHECK(f.burst_discard_threshold_packets == 8);
  CHECK(f.burst_discarded_packets == 4);
  CHECK(f.burst_discard_expected_packets == 9);
  CHECK(f.discard_burst_threshold_packets == 12);
  CHECK(f.discard_burst_sum_ms == 250);
  CHECK(f.discard_burst_discarded_packets == 6);
  CHECK(f.discard_bursts == 3);
  CHECK(f.discard_burst_expected_packets == 11);
  CHECK(f.discarded_packets == 30);
}

TEST_CASE("What was heard and seen is kept: concealment, frames, presentation, acquisition") {
  Listener tap;
  // BT 6: ToH 01; of the figures only TTL: 60, 64, 62, deviation 2.
  tap.tell({0x06080009, kA, 0x000a0014, 0, 0, 0, 0, 0, 0, 0x3c403e02});
  // BT 11: method 2, status 1.
  tap.tell({0x0b020002, kA, 0x00010000});
  // BT 12: SPST 1, P; PT, group, SSRC, received at 0x64.8 s, RTP timestamp, presented 1/16 s later.
  tap.tell({0x0c110007, 0, 42, kA, 0x00000064, 0x80000000, 1600, 0x00649000});
  // BT 13: ECT(0), ECT(1), CE and not-ECT, lost and duplicates.
  tap.tell({0x0d000005, kA, 1, 2, 0x00030004, 0x00050006});
  // BT 19: T 0, key frames; T 1, derived ones: discarded, duplicate, lost, partly lost.
  tap.tell({0x13000006, kA, 0x000a0014, 1, 2, 3, 4});
  tap.tell({0x13800006, kA, 0x000a0014, 5, 6, 7, 8});
  // BT 23: I 01, C 1: adaptive; nominal, maximum, high and low water.
  tap.tell({0x17600003, kA, 0x00280050, 0x003c001e});
  // BT 30: plc 11; playout on time, concealed for loss and for adjustment, 2 interruptions of 800.
  tap.tell({0x1ef00006, kA, 80'000, 1600, 320, 0x00020000, 800});
  // BT 31: plc 11; unimpaired, concealed, severely concealed with a threshold of 64/256.
  tap.tell({0x1ff00004, kA, 9, 1, 0x00010040});
  // BT 34: V 10, freeze; impaired, concealed, mean freeze; shares 1/2, 1/4, 1/8.
  tap.tell({0x22e00005, kA, 9000, 4500, 3000, 0x80402000});
  const EndpointFigures& f = tap.figures();
  const EndpointReport& endpoint = *tap.about().endpoint;
  CHECK(f.summary_ttl_deviation == 2);
  CHECK(f.multicast_method == 2);
  CHECK(f.multicast_status == 1);
  CHECK(f.presentation_delay_ms == 62.5F);
  CHECK(f.ecn_lost_packets == 5);
  CHECK(f.ecn_duplicate_packets == 6);
  CHECK(f.lost_key_frames == 3);
  CHECK(f.partly_lost_key_frames == 4);
  CHECK(f.discarded_derived_frames == 5);
  CHECK(f.duplicate_derived_frames == 6);
  CHECK(f.lost_derived_frames == 7);
  CHECK(endpoint.dejitter_kind == 1);
  CHECK(endpoint.concealment_plc == 3);
  CHECK(f.on_time_ticks == 80'000);
  CHECK(f.severely_concealed_threshold == 0.25F);
  CHECK(f.video_freeze_mean_ticks == 3000);
  CHECK(f.video_impaired_proportion == 0.5F);
  CHECK(f.video_concealed_proportion == 0.25F);
  CHECK(f.video_concealed_frames == 0.125F);
  CHECK(tap.count(RtcpCount::kXrBlocks) == 10);
}

TEST_CASE("XNQ names no stream: it is of the one that its datagram reports on") {
  // BT 8: range; vmaxdiff, vrange; vsum; cycles, events; then four times of 24 bits.
  const Octets xnq = Listener::xr({0x08000008, 0x000a0014, 0x00010002, 3, 0x00040005, 6, 7, 8, 9});
  Listener tap;
  tap.rtcp(kBack, xnq + rr(kB, {{kA, 10}}), kSecond);  // wherever it stands
  const EndpointFigures& f = tap.figures();
  CHECK(f.xnq_delay_variation_cycle_max == 1);
  CHECK(f.xnq_delay_variation_range == 2);
  CHECK(f.xnq_delay_variation_sum == 3);
  CHECK(f.xnq_cycles == 4);
  CHECK(f.xnq_buffer_events == 5);
  CHECK(f.xnq_degraded_network == 6);
  CHECK(f.xnq_degraded_buffer == 7);
  CHECK(f.xnq_errored_s == 8);
  CHECK(f.xnq_severely_errored_s == 9);
  CHECK(tap.count(RtcpCount::kXrBlocks) == 1);
  CHECK(tap.ledger().unmatched() == 0);
  // With two streams nobody knows of which.
  tap.stretch(kForth, kC, 1, 10, 0);
  tap.rtcp(kBack, rr(kB, {{kA, 10}, {kC, 10}}) + xnq, 2 * kSecond);
  CHECK(tap.count(RtcpCount::kXrBlocks) == 1);
  CHECK(tap.ledger().unmatched() == 1);
}

TEST_CASE("Blocks stepped over and dropped are counted for the stream that they are about") {
  Listener tap;
  tap.tell({0x16800001, kA});     // BT 22 names its stream
  tap.tell({0x09000001, 7});      // BT 9: of unknown layout
  tap.tell({0xc8000000});         // BT 200: of nobody
  tap.tell({0x18200002, kA, 5});  // reserved I flag
  tap.tell({0x05000002, kA, 5});  // DLRR of two words instead of three
  CHECK(tap.count(RtcpCount::kXrSkipped) == 3);
  CHECK(tap.count(RtcpCount::kXrDropped) == 2);
  CHECK(tap.count(RtcpCount::kXrBlocks) == 0);
  const ReportRecord r = tap.record();
  CHECK(r.xr_skipped == 3);
  CHECK(r.xr_dropped == 2);
  CHECK(r.endpoint_ns == 0);
}
