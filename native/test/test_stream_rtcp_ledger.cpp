// What the ledger makes of single datagrams: which stream they belong to, and what
// is kept of each kind of RTCP.
#include <cmath>

#include "test_stream_ledger_support.h"

using namespace ledger_test;

namespace {

constexpr uint32_t kA = 0xa, kB = 0xb;
constexpr Flow kForth{1, 2, 5004, 6004};

Flow ports(Flow f, uint16_t src, uint16_t dst) {
  f.src_port = src;
  f.dst_port = dst;
  return f;
}

// Against the stream, from the RTCP port of its receiver to that of its sender.
Flow back(const Flow& f, int at_receiver = 1, int at_sender = 1) {
  return {f.dst, f.src, static_cast<uint16_t>(f.dst_port + at_receiver),
          static_cast<uint16_t>(f.src_port + at_sender), f.ipv6};
}
Flow along(const Flow& f, int distance = 1) {
  return ports(f, static_cast<uint16_t>(f.src_port + distance), static_cast<uint16_t>(f.dst_port + distance));
}

// All that is not 0: "reports 1, nack 2".
std::string counts(const RtcpRow* row, bool in_window = false) {
  static const char* const kNames[kRtcpCounts] = {
      "blocks", "unknown lsr",   "nack",       "nacked",     "pli",      "sli",         "rpsi",  "fir",
      "tmmbr",  "tstr",          "vbcm",       "remb",       "twcc",     "ccfb",        "ecn",   "other",
      "xr",     "xr bare",       "xr skipped", "xr dropped", "sr",       "unknown lrr", "tmmbn", "tstn",
      "app",    "other packets", "reduced",    "srtcp",      "malformed"};
  if (row == nullptr) return "no row";
  std::string text;
  for (size_t i = 0; i < kRtcpCounts; i++) {
    const auto what = static_cast<RtcpCount>(i);
    const uint32_t n = in_window ? row->counts.in_window(what) : row->counts.whole(what);
    if (n == 0) continue;
    if (!text.empty()) text += ", ";
    text += std::string(kNames[i]) + " " + std::to_string(n);
  }
  return text;
}

}  // namespace

TEST_CASE("A report joins the stream on the next port, on the same one, and with either at each end") {
  for (const int at_receiver : {0, 1}) {
    for (const int at_sender : {0, 1}) {
      for (const bool ipv6 : {false, true}) {
        INFO(at_receiver << at_sender << ipv6);
        Tap tap;
        Flow flow = kForth;
        flow.ipv6 = ipv6;
        tap.stretch(flow, kA, 1, 10, 0);
        CHECK(tap.rtcp(back(flow, at_receiver, at_sender), rr(kB, {{kA, 10}}), kSecond) == Counter::kRtcp);
        CHECK(counts(tap.row(flow, kA)) == "blocks 1");
        CHECK(tap.ledger().unmatched() == 0);
      }
    }
  }
}

TEST_CASE("A report from a port of its own is found by SSRC and addresses") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.rtcp(ports(back(kForth), 40'000, 50'000), rr(kB, {{kA, 10}}), kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1");
}

TEST_CASE("A report of other addresses, of another SSRC or along the stream is of another stream") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  Flow other = back(kForth);
  other.src = 9;
  tap.rtcp(other, rr(kB, {{kA, 10}}), kSecond);
  tap.rtcp(back(kForth), rr(kB, {{kA + 1, 10}}), kSecond);
  tap.rtcp(along(kForth), rr(kB, {{kA, 10}}), kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "no row");
  CHECK(tap.ledger().unmatched() == 3);
}

TEST_CASE("One datagram speaks of its sender's stream and of those it receives") {
  Tap tap;
  const Flow kBack{2, 1, 6004, 5004};
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kForth, kA + 1, 1, 10, 0);
  tap.stretch(kBack, kB, 1, 10, 0);
  tap.rtcp(along(kBack), sr(kB, {1ULL << 40}, {{kA, 10}, {kA + 1, 10}, {77, 1}}), kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1");
  CHECK(counts(tap.row(kForth, kA + 1)) == "blocks 1");
  CHECK(counts(tap.row(kBack, kB)) == "sr 1");
  CHECK(tap.ledger().unmatched() == 1);
}

TEST_CASE("A copied datagram counts as RTCP and changes no figure") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 50, 0);
  const Octets first = sr(kA, {0xe5a1'0000'1111'0000, 0, 50, 8000});
  tap.rtcp(along(kForth), first, kSecond);
  tap.rtcp(along(kForth), first, kSecond + 1000);
  const Octets answer = rr(kB, {{.ssrc = kA, .highest = 50, .lost = 0, .lsr = 0x00001111, .dlsr = 65536}});
  tap.rtcp(back(kForth), answer, 2 * kSecond + 30 * kMillisecond);
  tap.rtcp(back(kForth), answer, 2 * kSecond + 30 * kMillisecond);
  tap.stretch(kForth, kA, 52, 100, 3 * kSecond);
  const Octets second = sr(kA, {0xe5a1'0003'1111'0000, 0, 100, 16000});
  tap.rtcp(along(kForth), second, 4 * kSecond);
  tap.rtcp(along(kForth), second, 4 * kSecond + 1000);
  const Octets last = rr(kB, {{kA, 100, 3}});
  tap.rtcp(back(kForth), last, 5 * kSecond);
  tap.rtcp(back(kForth), last, 5 * kSecond);
  const RtcpRow& row = *tap.row(kForth, kA);
  CHECK(counts(&row) == "blocks 4, sr 4");
  CHECK(row.downstream.whole.count == 1);
  CHECK(row.downstream.last_us == 30'000);
  CHECK(row.loss.whole().expected == 50);
  CHECK(row.loss.whole().upstream() == 1);
  CHECK(row.loss.whole().downstream() == 2);
  CHECK(row.loss.intervals() == 1);
  CHECK(row.sender.whole().sender_packets == 50);
  CHECK(row.sender.whole().tap_packets == 49);
}

TEST_CASE("An echo of an SR that the tap did not see is told, and gives no time") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.rtcp(back(kForth), rr(kB, {{.ssrc = kA, .highest = 10, .lsr = 5, .dlsr = 5}}), kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1, unknown lsr 1");
  CHECK(tap.row(kForth, kA)->downstream.whole.count == 0);
}

TEST_CASE("A delay in a wrong unit is refused and counted") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.rtcp(along(kForth), sr(kA, {0x0000'0001'0000'0000}), kSecond);
  const auto answer = [&](uint32_t dlsr) {
    tap.rtcp(back(kForth), rr(kB, {{.ssrc = kA, .highest = 10, .lsr = 0x10000, .dlsr = dlsr}}), 4 * kSecond);
  };
  answer(2'900);          // ms
  answer(2'900'000);      // us
  answer(2'900 * 65536);  // 1/65536 ms
  answer(190'054);        // 2.9 s
  const RttLeg& leg = tap.row(kForth, kA)->downstream;
  CHECK(leg.whole.count == 1);
  CHECK(leg.last_us / 1000 == 100);
  CHECK(leg.whole.rejected == 3);
}

TEST_CASE("Figures of two reporters on one stream are not mixed") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 100, 0);
  tap.rtcp(back(kForth), rr(kB, {{kA, 50, 7}}), kSecond);
  tap.rtcp(back(kForth), rr(kB + 1, {{kA, 60, 1000}}), kSecond);
  tap.rtcp(back(kForth), rr(kB, {{kA, 100, 9}}), 2 * kSecond);
  const RtcpRow& row = *tap.row(kForth, kA);
  CHECK(counts(&row) == "blocks 3");
  CHECK(row.reception.whole().jitter.reports == 2);
  CHECK(row.reception.cumulative_lost() == 9);
  CHECK(row.loss.whole().downstream() == 2);
  // The first one has been silent for half a minute.
  tap.rtcp(back(kForth), rr(kB + 1, {{kA, 100, 1000}}), 40 * kSecond);
  CHECK(tap.row(kForth, kA)->reception.reporter_ssrc() == kB + 1);
}

TEST_CASE("Feedback counts for the stream it asks for, wherever it names it") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kForth, kA + 1, 1, 10, 0);
  const Octets all = rr(kB, {{kA, 10}}) +
                     rtcp_packet(1, 205, {kB, kA, 0x0005'8001, 0x0100'0000}) +             // NACK of 3 and 1
                     rtcp_packet(1, 206, {kB, kA}) +                                       // PLI
                     rtcp_packet(2, 206, {kB, kA, 0}) +                                    // SLI
                     rtcp_packet(3, 206, {kB, kA, 0x0060'8000}) +                          // RPSI
                     rtcp_packet(4, 206, {kB, 0, kA, 0x0100'0000, kA + 1, 0}) +            // FIR of two
                     rtcp_packet(0, 192, {kA}) +                                           // FIR of H.261
                     rtcp_packet(3, 205, {kB, 0, kA, 0x0403'e828}) +                       // TMMBR
                     rtcp_packet(15, 206, {kB, 0, 0x52454d42, 0x0207'd090, kA, kA + 1}) +  // REMB
                     rtcp_packet(15, 205, {kB, kA, 0x0001'0001, 0x0000'0101, 0x2001'0400}) +
                     rtcp_packet(8, 205, {kB, kA, 10, 4, 5, 0x0006'0007, 0}) +  // ECN
                     rtcp_packet(9, 205, {kB, kA});
  CHECK(tap.rtcp(back(kForth), all, kSecond) == Counter::kRtcp);
  CHECK(counts(tap.row(kForth, kA)) ==
        "blocks 1, nack 1, nacked 4, pli 1, sli 1, rpsi 1, fir 2, tmmbr 1, remb 1, twcc 1, ecn 1, other 1, "
        "xr 1");
  CHECK(counts(tap.row(kForth, kA + 1)) == "fir 1, remb 1");
  CHECK(tap.row(kForth, kA + 1)->remb_bps == 500'000);
  CHECK(tap.row(kForth, kA)->endpoint->figures.ce_packets == 6);
}

TEST_CASE("Requests and answers that name their stream in the entries, or nowhere") {
  Tap tap;
  const Flow kBack{2, 1, 6004, 5004};
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kForth, kA + 1, 1, 10, 0);
  tap.stretch(kBack, kB, 1, 10, 0);
  const Octets asked = rr(kB, {{kA, 10}, {kA + 1, 10}}) +
                       // TSTR: SSRC of the sender asked, sequence number and index
                       rtcp_packet(5, 206, {kB, 0, kA, 0x0100'0007, kA + 1, 0x0200'0008}) +
                       // VBCM: SSRC, sequence number, payload type, length 5 padded to 8; then another
                       rtcp_packet(7, 206, {kB, 0, kA, 0x0122'0005, 0, 0, kA, 0x0222'0000}) +
                       // transport-wide feedback about none in particular
                       rtcp_packet(15, 205, {kB, 0, 0x0001'0001, 0x0000'0101, 0x2001'0400});
  CHECK(tap.rtcp(along(kBack), asked, kSecond) == Counter::kRtcp);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1, tstr 1, vbcm 2, twcc 1");
  CHECK(counts(tap.row(kForth, kA + 1)) == "blocks 1, tstr 1, twcc 1");
  // Whoever answers is the sender of the stream; the entries name those that asked.
  const Octets answered = sr(kA, {1ULL << 40}) + rtcp_packet(4, 205, {kA, 0, kB, 0x0403'e828}) +
                          rtcp_packet(6, 206, {kA, 0, kB, 0x0100'0007});
  tap.rtcp(along(kForth), answered, kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1, tstr 1, vbcm 2, twcc 1, sr 1, tmmbn 1, tstn 1");
  CHECK(tap.ledger().unmatched() == 0);
  // Alone, transport-wide feedback and application feedback without a stream are of none.
  tap.rtcp(along(kBack), rtcp_packet(15, 205, {kB, 0, 0x0001'0001, 0x0000'0101, 0x2001'0400}), kSecond);
  tap.rtcp(along(kBack), rtcp_packet(15, 206, {kB, 0, 0x01020304}), kSecond);
  CHECK(tap.ledger().unmatched() == 2);
}

TEST_CASE("Packets known by their length alone and application packets are counted for their sender") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  Octets all = sr(kA, {1ULL << 40}) + rtcp_packet(0, 204, {kA, 0x6e616d65, 1});  // APP "name"
  for (const int type : {194, 208, 209, 210, 211, 213}) {
    all = all + rtcp_packet(0, static_cast<uint8_t>(type), {kA, 1});
  }
  tap.rtcp(along(kForth), all, kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "sr 1, app 1, other packets 6");
}

TEST_CASE("A DLRR of a reference time that the tap did not see is told, and gives no time") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.rtcp(along(kForth), sr(kA, {1ULL << 40}) + xr_dlrr(kA, kB, 0x43218765, 32768), kSecond);
  tap.rtcp(along(kForth), sr(kA, {2ULL << 40}) + xr_dlrr(kA, kB, 0, 0), kSecond);  // none received yet
  CHECK(counts(tap.row(kForth, kA)) == "sr 2, unknown lrr 1");
  CHECK(tap.row(kForth, kA)->upstream.whole.count == 0);
}

TEST_CASE("An extended jitter report goes with the report blocks before it, in their order") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kForth, kA + 1, 1, 10, 0);
  // IJ (195): one jitter for each report block, and one too many.
  const Octets jitters = rtcp_packet(4, 195, {7, 20, 40, 99});
  const Octets report = rr(kB, {{.ssrc = kA, .highest = 10, .jitter = 50}, {77, 1}, {kA + 1, 10}});
  tap.rtcp(back(kForth), report + jitters, kSecond);
  tap.rtcp(back(kForth), rr(kB, {{.ssrc = kA, .highest = 10, .jitter = 60}}) + rtcp_packet(1, 195, {9}),
           2 * kSecond);
  // Of another reporter than the one followed.
  tap.rtcp(back(kForth), rr(kB + 1, {{kA, 10}}) + rtcp_packet(1, 195, {1000}), 2 * kSecond);
  const ReportRecord r = report_record(*tap.row(kForth, kA), ReportSpan::kWhole, 1, 0);
  CHECK(r.reported_jitter_mean_ticks == 55);
  CHECK(r.reported_offset_jitter_ticks == 9);
  CHECK(r.reported_offset_jitter_mean_ticks == 8);
  CHECK(r.reported_offset_jitter_max_ticks == 9);
  const ReportRecord other = report_record(*tap.row(kForth, kA + 1), ReportSpan::kWhole, 1, 0);
  CHECK(other.reported_offset_jitter_ticks == 40);
  tap.row(kForth, kA)->begin_window();
  CHECK(std::isnan(
      report_record(*tap.row(kForth, kA), ReportSpan::kWindow, 1, 0).reported_offset_jitter_mean_ticks));
}

TEST_CASE("Reported jitter in ticks of two clocks is not mixed") {
  ReceptionReports reports;
  ReportBlock block{};
  block.jitter_ticks = 80;  // 10 ms at 8 kHz
  reports.report(kB, block, kSecond);
  reports.report_offset_jitter(40);
  reports.change_clock(8000, 0);  // a payload type that nobody told us of, until its clock is inferred
  reports.change_clock(0, 48'000);
  CHECK(reports.jitter_ticks() == 480);
  CHECK(reports.offset_jitter_ticks() == 240);
  block.jitter_ticks = 960;  // 20 ms at 48 kHz
  reports.report(kB, block, 2 * kSecond);
  CHECK(reports.whole().jitter.sum_ticks == 1440);  // twice 15 ms
  CHECK(reports.whole().jitter.max_ticks == 960);
  CHECK(reports.window().jitter.reports == 2);
}

TEST_CASE("A switch of the payload type to another clock turns reported jitter into its ticks") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);  // PCMU, 8 kHz
  tap.rtcp(back(kForth), rr(kB, {{.ssrc = kA, .highest = 10, .jitter = 80}}), kSecond);
  tap.table().parts().incidents_of(tap.table().cold(0)).rtcp = tap.row(kForth, kA);
  tap.rtp(kForth, kA, 11, kSecond, 160, 111);  // Opus, 48 kHz
  CHECK(tap.row(kForth, kA)->reception.jitter_ticks() == 480);
}

TEST_CASE("Reduced-size compounds, SRTCP and damage count for the stream of who sent them") {
  Tap tap;
  const Flow kBack{2, 1, 6004, 5004};
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kBack, kB, 1, 10, 0);
  tap.rtcp(along(kBack), rtcp_packet(1, 206, {kB, kA}), kSecond);  // PLI alone
  CHECK(counts(tap.row(kBack, kB)) == "reduced 1");
  CHECK(counts(tap.row(kForth, kA)) == "pli 1");

  Octets srtcp =
      rtcp_packet(1, 201, {kB, 0xd1d2d3d4, 0xc1c2c3c4, 0xb1b2b3b4, 0xa1a2a3a4, 0x91929394, 0x81828384});
  put(srtcp, 0x80000005, 4);  // E and index
  put(srtcp, 0x1122334455667788, 8);
  put(srtcp, 0x99aa, 2);
  CHECK(tap.rtcp(along(kBack), srtcp, kSecond) == Counter::kEncryptedRtcp);
  CHECK(counts(tap.row(kBack, kB)) == "reduced 1, srtcp 1");

  const Octets damaged = sr(kB, {0xe5a1'0000'0000'0000}) + Octets{0x81, 0xc9, 0x00, 0x20, 0, 0, 0, 1};
  CHECK(tap.rtcp(along(kBack), damaged, kSecond) == Counter::kMalformedRtcp);
  CHECK(counts(tap.row(kBack, kB)) == "sr 1, reduced 1, srtcp 1, malformed 1");
}

TEST_CASE("A BYE is kept with its reason, and of the CNAME only what tells two apart") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  Octets sdes = rtcp_packet(1, 202, {kA, 0x01046140, 0x622e0000});  // a@b.
  Octets bye = rtcp_packet(1, 203, {kA, 0x04627965, 0x21000000});   // bye!
  tap.rtcp(along(kForth), sr(kA, {1ULL << 40}) + sdes + bye, 7 * kSecond);
  const RtcpRow& row = *tap.row(kForth, kA);
  CHECK(row.bye_ns == 7 * kSecond);
  CHECK(std::string(reinterpret_cast<const char*>(row.bye_reason), row.bye_reason_octets) == "bye!");
  CHECK(row.cname_digest != 0);
  const uint64_t first = row.cname_digest;
  tap.rtcp(along(kForth), sr(kA, {1ULL << 41}) + rtcp_packet(1, 202, {kA, 0x01046140, 0x632e0000}),
           8 * kSecond);
  CHECK(tap.row(kForth, kA)->cname_digest != first);
}

TEST_CASE("A reason longer than 32 octets is cut") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  Octets bye;
  put(bye, 0x81cb'0000 + 1 + 51 / 4 + 1, 4);
  put(bye, kA, 4);
  put(bye, 50, 1);
  for (int i = 0; i < 51; i++) put(bye, 'x', 1);
  tap.rtcp(along(kForth), rr(kA, {}) + bye, kSecond);
  CHECK(tap.row(kForth, kA)->bye_reason_octets == 32);
}

TEST_CASE("VoIP metrics are kept as the endpoint reported them") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  const Octets xr = rtcp_packet(0, 207,
                                {kB, 0x07000008, kA, 0x40'20'80'10, 0x0064'01f4, 0x0032'0014, 0xec'c4'7f'10,
                                 0x50'7f'28'26, 0xe7'00'0028, 0x0050'00a0});
  tap.rtcp(back(kForth), rr(kB, {{kA, 10}}) + xr, 3 * kSecond);
  const ReportRecord r = report_record(*tap.row(kForth, kA), ReportSpan::kWhole, 1, 0);
  CHECK(r.endpoint_voip_ns == 3 * kSecond);
  CHECK(r.endpoint.loss_rate == 0.25F);
  CHECK(r.endpoint.discard_rate == 0.125F);
  CHECK(r.endpoint.burst_density == 0.5F);
  CHECK(r.endpoint.burst_duration_ms == 100);
  CHECK(r.endpoint.gap_duration_ms == 500);
  CHECK(r.endpoint.round_trip_delay_ms == 50);
  CHECK(r.endpoint.end_system_delay_ms == 20);
  CHECK(r.endpoint.signal_level_dbm0 == -20);
  CHECK(std::isnan(r.endpoint.rerl_db));
  CHECK(r.endpoint_gmin == 16);
  CHECK(r.endpoint.r_factor == 80);
  CHECK(std::isnan(r.endpoint.ext_r_factor));
  CHECK(r.endpoint.mos_lq == 4.0F);
  CHECK(r.endpoint_plc == 3);
  CHECK(r.endpoint_buffer_kind == 2);
  CHECK(r.endpoint.buffer_nominal_ms == 40);
  CHECK(r.endpoint.buffer_abs_max_ms == 160);
  CHECK(std::isnan(r.endpoint.pdv_mean_ms));
  CHECK(r.xr_blocks == 1);
}

TEST_CASE("A receiver's reference time counts for the streams that the same datagram reports on") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  // The XR stands first here.
  tap.rtcp(back(kForth), xr_rrtr(kB, 0x0000'4321'8765'0000) + rr(kB, {{kA, 10}}), kSecond);
  tap.rtcp(along(kForth), sr(kA, {1ULL << 40}) + xr_dlrr(kA, kB, 0x43218765, 32768),
           kSecond + 520 * kMillisecond);
  const RttLeg& leg = tap.row(kForth, kA)->upstream;
  CHECK(leg.whole.count == 1);
  CHECK(leg.last_us == 20'000);
}

TEST_CASE("Absurd figures of a sender begin a new count instead of a sum") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  const auto report = [&](uint64_t ntp, uint32_t timestamp, uint32_t packets, int64_t ts_ns) {
    tap.rtcp(along(kForth), sr(kA, {ntp, timestamp, packets, packets * 160}), ts_ns);
  };
  report(1ULL << 40, 1000, 100, 0);
  report((1ULL << 40) + (5ULL << 32), 41'000, 350, 5 * kSecond);
  report((1ULL << 40) + (10ULL << 32), 81'000, 0x4000'0000, 10 * kSecond);  // 10^9 more in 5 s
  report((1ULL << 40) + (15ULL << 32), 121'000, 10, 15 * kSecond);          // fewer
  report((1ULL << 40) + (20ULL << 32), 161'000, 260, 20 * kSecond);
  const RtcpRow& row = *tap.row(kForth, kA);
  CHECK(row.sender.whole().sender_packets == 500);
  CHECK(row.sender.clock_hz() == 8000);
  report(7ULL << 32, 201'000, 510, 25 * kSecond);  // its wallclock was set back
  CHECK(std::isnan(row.sender.clock_hz()));
}

TEST_CASE("A datagram searches for 128 streams at most") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  Octets fir;
  put(fir, 0x84ce'0000 + 2 + 2 * 400, 4);
  put(fir, kB, 4);
  put(fir, 0, 4);
  for (uint32_t i = 0; i < 399; i++) {
    put(fir, 1000 + i, 4);
    put(fir, 0, 4);
  }
  put(fir, kA, 4);  // too far back
  put(fir, 0, 4);
  tap.rtcp(back(kForth), fir, kSecond);
  CHECK(counts(tap.row(kForth, kA)) == "no row");
  CHECK(tap.ledger().unmatched() == 400);
}

TEST_CASE("A stream in probation takes no row") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.table().hot(0).status = StreamStatus::kProbation;
  tap.rtcp(back(kForth), rr(kB, {{kA, 10}}), kSecond);
  CHECK(tap.row(kForth, kA) == nullptr);
}

TEST_CASE("A cut datagram gives what was captured of it") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 10, 0);
  tap.stretch(kForth, kA + 1, 1, 10, 0);
  CHECK(tap.rtcp(back(kForth), rr(kB, {{kA, 10}, {kA + 1, 10}}), kSecond, 10) == Counter::kRtcp);
  CHECK(counts(tap.row(kForth, kA)) == "blocks 1");
  CHECK(tap.row(kForth, kA + 1) == nullptr);
}

TEST_CASE("Records of windows add up to that of the whole stream") {
  Tap tap;
  tap.stretch(kForth, kA, 1, 50, 0);
  tap.rtcp(along(kForth), sr(kA, {0xe5a1'0000'0000'0000, 0, 50, 8000}), kSecond);
  tap.rtcp(
      back(kForth),
      rr(kB, {{.ssrc = kA, .highest = 50, .lost = 1, .lsr = 0, .dlsr = 0, .fraction = 64, .jitter = 80}}),
      kSecond);
  RtcpRow& row = *tap.row(kForth, kA);
  const ReportRecord first = report_record(row, ReportSpan::kWindow, 99, 4);
  CHECK(first.stream_id == 99);
  CHECK(first.stream_row == 4);
  CHECK(first.kind == 1);
  CHECK(first.reports == 1);
  CHECK(first.reported_fraction_lost == 0.25);
  CHECK(first.reported_jitter_mean_ticks == 80);
  CHECK(std::isnan(first.downstream_rtt_mean_ms));
  CHECK(std::isnan(first.sender_clock_hz));
  CHECK(std::isnan(first.remb_bps));
  CHECK(first.side_intervals == 0);
  row.begin_window();
  const ReportRecord empty = report_record(row, ReportSpan::kWindow, 99, 4);
  CHECK(empty.reports == 0);
  CHECK(empty.reported_cumulative_lost == 1);  // the last one of the stream
  CHECK(std::isnan(empty.reported_jitter_mean_ticks));

  tap.stretch(kForth, kA, 53, 100, 2 * kSecond);
  tap.rtcp(along(kForth), sr(kA, {0xe5a1'0002'0000'0000, 16'000, 100, 16000}), 3 * kSecond);
  tap.rtcp(back(kForth),
           rr(kB, {{.ssrc = kA, .highest = 100, .lost = 8, .lsr = 0x2'0000, .dlsr = 65'536, .jitter = 120}}),
           4 * kSecond + 25 * kMillisecond);
  const ReportRecord second = report_record(row, ReportSpan::kWindow, 99, 4);
  CHECK(second.downstream_rtt_mean_ms == 25);
  CHECK(second.upstream_lost == 2);
  CHECK(second.downstream_lost == 5);
  CHECK(second.capture_missed == 0);
  CHECK(second.sender_packets == 50);
  CHECK(second.tap_packets == 48);
  CHECK(second.reported_jitter_max_ticks == 120);
  CHECK(second.sender_clock_hz == 8000);

  const ReportRecord whole = report_record(row, ReportSpan::kWhole, 99, 5);
  CHECK(whole.kind == 2);
  CHECK(whole.reports == 2);
  CHECK(whole.report_blocks == first.report_blocks + second.report_blocks);
  CHECK(whole.reported_jitter_mean_ticks == 100);
  CHECK(whole.reported_fraction_lost_max == 0.25);
  CHECK(whole.downstream_lost == 5);
  CHECK(whole.sender_reports == 2);
}
