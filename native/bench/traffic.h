// Traffic for the benchmarks: many telephone streams, interleaved as on a wire.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <random>
#include <vector>

#include "core/capture/memory_source.h"

namespace rtpsonde::bench {

struct TrafficOptions {
  uint32_t streams;
  uint32_t packets;
  bool ipv6 = false;
  bool each_loses = false;  // every stream loses its 4th packet
  bool undamaged = false;   // nothing lost, nothing twice
  bool rtcp = false;        // reports about every stream, each 10 packets
};

constexpr size_t kPayloadOctets = 160;

// RTCP beside the RTP of a frame, in one compound: an SR of the sender and what a receiver says of it.
inline void add_reports(MemorySource& source, int64_t ts_ns, const std::vector<uint8_t>& rtp_frame,
                        size_t udp) {
  const size_t rtcp = udp + 8, octets = 28 + 32;
  std::vector<uint8_t> frame(rtp_frame.begin(), rtp_frame.begin() + static_cast<long>(rtcp));
  frame.resize(rtcp + octets);
  frame[udp + 1]++;  // the port above
  frame[udp + 3]++;
  const size_t ip_octets = frame.size() - 14;
  const bool ipv6 = frame[14] >> 4 == 6;
  const size_t length_at = ipv6 ? 18 : 16, length = ipv6 ? ip_octets - 40 : ip_octets;
  frame[length_at] = static_cast<uint8_t>(length >> 8);
  frame[length_at + 1] = static_cast<uint8_t>(length);
  frame[udp + 4] = 0;
  frame[udp + 5] = static_cast<uint8_t>(octets + 8);
  const uint8_t sr[] = {0x80, 200, 0, 6}, rr[] = {0x81, 201, 0, 7};
  const uint8_t* const ssrc = rtp_frame.data() + rtcp + 8;
  std::copy_n(sr, 4, &frame[rtcp]);
  std::copy_n(ssrc, 4, &frame[rtcp + 4]);
  std::copy_n(rr, 4, &frame[rtcp + 28]);
  frame[rtcp + 32] = 1;
  std::copy_n(ssrc, 4, &frame[rtcp + 36]);
  std::copy_n(rtp_frame.data() + rtcp + 2, 2, &frame[rtcp + 42]);
  source.add(ts_ns + 2000, {frame.data(), frame.size()});
}

// G.711 at 20 ms, phases spread, exponential jitter of 1 ms, 0.5 % bursty loss and
// 0.02 % duplicates. Streams begin in another order than they send in, or the
// table would be walked in order, which flatters.
inline void fill(MemorySource& source, const TrafficOptions& options) {
  std::mt19937 random(options.streams);
  std::exponential_distribution<double> jitter_ms(1.0);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<uint32_t> order(options.streams);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random);
  std::vector<uint16_t> lost_run(options.streams, 0);

  const size_t ip_bytes = options.ipv6 ? 40 : 20;
  const size_t frame_bytes = 14 + ip_bytes + 8 + 12 + kPayloadOctets;
  std::vector<uint8_t> frame(frame_bytes, 0xd5);
  std::fill(frame.begin(), frame.begin() + static_cast<long>(14 + ip_bytes + 8 + 12), uint8_t{0});
  const auto put16 = [&](size_t at, uint32_t v) {
    frame[at] = static_cast<uint8_t>(v >> 8);
    frame[at + 1] = static_cast<uint8_t>(v);
  };
  const auto put32 = [&](size_t at, uint32_t v) {
    put16(at, v >> 16);
    put16(at + 2, v & 0xffff);
  };
  const size_t udp = 14 + ip_bytes, rtp = udp + 8;
  put16(12, options.ipv6 ? 0x86dd : 0x0800);
  if (options.ipv6) {
    frame[14] = 0x60;
    put16(18, static_cast<uint32_t>(frame_bytes - 14 - 40));
    frame[20] = 17;
    frame[21] = 64;
    put32(22, 0x20010db8);
    put32(38, 0x20010db8);
  } else {
    frame[14] = 0x45;
    frame[15] = 0xb8;
    put16(16, static_cast<uint32_t>(frame_bytes - 14));
    frame[22] = 64;
    frame[23] = 17;
  }
  put16(udp + 4, static_cast<uint32_t>(frame_bytes - udp));
  put16(udp + 6, 0xbeef);  // some checksum, as nearly every sender writes one
  frame[rtp] = 0x80;
  frame[rtp + 1] = 8;

  source.reserve(options.packets, size_t{options.packets} * frame_bytes);
  struct Due {
    double at_ms;
    uint32_t stream;
    bool twice;
  };
  std::vector<Due> round;
  for (uint32_t n = 0; source.size() < options.packets; n++) {
    round.clear();
    for (uint32_t i = 0; i < options.streams; i++) {
      const uint32_t s = order[i];
      if (!options.undamaged && (lost_run[s] > 0 || share(random) < 0.0017)) {
        lost_run[s] = lost_run[s] > 0 ? static_cast<uint16_t>(lost_run[s] - 1) : uint16_t{2};
        if (n > 2) continue;
      }
      if (options.each_loses && n == 3) continue;
      const double at_ms = 20.0 * n + 20.0 * i / options.streams + std::min(jitter_ms(random), 15.0);
      round.push_back({at_ms, s, !options.undamaged && share(random) < 0.0002});
    }
    std::sort(round.begin(), round.end(), [](const Due& a, const Due& b) { return a.at_ms < b.at_ms; });
    for (const Due& due : round) {
      const uint32_t s = due.stream;
      const size_t src = options.ipv6 ? 34 : 26, dst = options.ipv6 ? 50 : 30;
      put32(src, 0x0a000000 + (s >> 8));
      put32(dst, 0x0a800000 + (s >> 10));
      put16(udp, 10000 + 2 * (s & 0xff));
      put16(udp + 2, 20000 + 2 * (s & 0x3ff));
      put16(rtp + 2, (s * 7919 + n) & 0xffff);
      put32(rtp + 4, s * 104729 + 160 * n);
      put32(rtp + 8, s * 2654435761U + 1);
      const int64_t ts_ns = 1'767'225'600'000'000'000 + static_cast<int64_t>(due.at_ms * 1e6);
      source.add(ts_ns, {frame.data(), frame.size()});
      if (due.twice) source.add(ts_ns + 1000, {frame.data(), frame.size()});
      if (options.rtcp && n % 10 == 9) add_reports(source, ts_ns, frame, udp);
    }
  }
}

}  // namespace rtpsonde::bench
