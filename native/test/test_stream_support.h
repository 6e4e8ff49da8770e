// For the tests of the stream, window and engine rooms: one stream fed packet by
// packet, and records in words.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "core/stream/accounting.h"
#include "core/window/stream_record.h"

namespace stream_test {

using namespace rtpsonde;

constexpr int64_t kMillisecond = 1'000'000;
constexpr int64_t kSecond = 1000 * kMillisecond;

using Octets = std::vector<uint8_t>;

// Big-endian.
inline void put(Octets& out, uint64_t value, int octets) {
  while (octets-- > 0) out.push_back(static_cast<uint8_t>(value >> 8 * octets));
}

inline std::string number(double v, int decimals = 0) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, v);
  return text;
}

// Some payload types as TypeScript would hand them down. 96 to 127 are unknown
// but for 101, 105 and 111.
inline std::vector<PayloadTypeOptions> payload_types() {
  return {{0, 8000, MediaKind::kAudio, ClockSource::kStatic},
          {8, 8000, MediaKind::kAudio, ClockSource::kStatic},
          {9, 8000, MediaKind::kAudio, ClockSource::kStatic},
          {13, 8000, MediaKind::kComfortNoise, ClockSource::kStatic},
          {34, 90000, MediaKind::kVideo, ClockSource::kStatic},
          {101, 8000, MediaKind::kTelephoneEvent, ClockSource::kConfig},
          {105, 16000, MediaKind::kComfortNoise, ClockSource::kConfig},
          {111, 48000, MediaKind::kAudio, ClockSource::kConfig}};
}

// What a record says of its sequence numbers: "packets 5, expected 7, lost 2,
// runs 1 of 2 packets, longest 2". What is 0 is left out, packets and expected apart.
inline std::string counts(const StreamRecord& r) {
  std::string text = "packets " + number(r.packets) + ", expected " + number(r.expected);
  const auto put = [&](const char* name, double v) {
    if (v != 0) text += std::string(", ") + name + " " + number(v);
  };
  put("lost", r.lost);
  put("recovered", r.recovered);
  put("duplicates", r.duplicates);
  put("reordered", r.reordered);
  put("extent", r.reorder_extent_max);
  put("late", r.late);
  put("restarts", r.restarts);
  put("errors", r.sequence_errors);
  if (r.loss_runs != 0) {
    text += ", runs " + number(r.loss_runs) + " of " + number(r.loss_run_packets) + " packets, longest " +
            number(r.loss_run_longest);
  }
  return text;
}

// What a record says of its clock and jitter: "8000 Hz static, jitter 4.621713 ms
// after 40 samples", and what kept samples away.
inline std::string timing(const StreamRecord& r) {
  const char* const sources[] = {"unknown", "static", "config", "inferred"};
  std::string text = number(r.clock_rate) + " Hz " + sources[r.clock_source];
  text += std::isnan(r.jitter_last_ms) ? ", no jitter" : ", jitter " + number(r.jitter_last_ms, 6) + " ms";
  text += " after " + number(r.jitter_samples) + " samples";
  const auto put = [&](const char* name, double v) {
    if (v != 0) text += std::string(", ") + name + " " + number(v);
  };
  put("jumps", r.timestamp_jumps);
  put("resumptions", r.dtx_resumptions);
  put("noise", r.comfort_noise_packets);
  put("events", r.telephone_event_packets);
  put("type changes", r.payload_type_changes);
  return text;
}

struct Packet {
  uint16_t seq;
  uint32_t timestamp;
  double arrival_ms;
  uint8_t payload_type = 0;
  bool marker = false;
  uint32_t octets = 160;
  uint16_t vlan = kNoVlan;
  uint8_t dscp = 46;
};

inline const char* name_of(Placement placement) {
  switch (placement) {
    case Placement::kNext:
      return "next";
    case Placement::kForward:
      return "forward";
    case Placement::kReordered:
      return "reordered";
    case Placement::kDuplicate:
      return "duplicate";
    case Placement::kLate:
      return "late";
    case Placement::kStray:
      return "stray";
    case Placement::kRestart:
      return "restart";
  }
  return "?";
}

// Fixed 50 ms (used by quality), fixed 200 ms, adaptive from 20 to 500 ms; stalls from 0.5 s.
inline AccountingOptions accounting_options() {
  AccountingOptions options;
  options.playout.profiles = {{false, 50, 100}, {false, 200, 400}, {true, 20, 500}};
  options.stall_ns = 500 * kMillisecond;
  return options;
}

class StreamRig {
 public:
  explicit StreamRig(const std::vector<PayloadTypeOptions>& types = payload_types())
      : clocks_(types), accounting_(clocks_, accounting_options(), parts_) {}

  // Where the packet belongs; "first" for the first one.
  std::string add(const Packet& p) {
    const RtpPacket packet{std::llround(p.arrival_ms * kMillisecond),
                           {p.timestamp, 0x1234, p.octets, p.seq, p.payload_type, p.marker},
                           p.vlan,
                           p.dscp};
    if (begun_) return name_of(accounting_.update(hot_, cold_, packet));
    begun_ = true;
    accounting_.begin(hot_, cold_, packet);
    return "first";
  }

  // The open window, and the start of the next one.
  StreamRecord close_window() {
    const StreamRecord record = window_record(hot_, cold_, ends_, context_);
    begin_next_window(hot_, cold_, parts_);
    return record;
  }

  StreamRecord finish() { return final_record(hot_, cold_, ends_, context_, EndReason::kEndOfCapture); }

  const RecordContext& context() const { return context_; }
  StreamHot& hot() { return hot_; }
  StreamCold& cold() { return cold_; }

 private:
  ClockTable clocks_;
  StreamParts parts_{16};
  Accounting accounting_;
  RecordContext context_{clocks_, accounting_.playout()};
  StreamEndpoints ends_{};
  StreamHot hot_{};
  StreamCold cold_{};
  bool begun_ = false;
};

}  // namespace stream_test
