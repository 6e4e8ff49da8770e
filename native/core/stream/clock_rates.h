// Which RTP clock a payload type runs on: from RFC 3551 or configuration, or
// inferred from the traffic and snapped to a rate that exists.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace rtpsonde {

enum class MediaKind : uint8_t {
  kUnknown = 0,
  kAudio = 1,
  kVideo = 2,
  kComfortNoise = 3,
  kTelephoneEvent = 4
};
enum class ClockSource : uint8_t { kUnknown = 0, kStatic = 1, kConfig = 2, kInferred = 3 };

// What is known of a payload type before any packet.
struct PayloadTypeOptions {
  uint8_t payload_type;
  uint32_t clock_rate;  // Hz
  MediaKind kind;
  ClockSource source;
};

// A telephone event of a type nobody told us about, by its shape: 4 octets (RFC 4733
// 2.3), which no audio codec sends.
inline bool has_event_shape(uint8_t payload_type, uint32_t octets) {
  return payload_type >= 96 && octets == 4;
}

struct ClockRate {
  uint32_t hz;
  double ms_per_tick;
};

class ClockTable {
 public:
  static constexpr uint8_t kUnknown = 0;

  struct Entry {
    uint8_t clock = kUnknown;  // index into rate()
    MediaKind kind = MediaKind::kUnknown;
    ClockSource source = ClockSource::kUnknown;
  };

  // Throws Error ERR_ENGINE_OPTIONS on a payload type above 127, a rate of 0 or
  // more than 200 different rates.
  explicit ClockTable(const std::vector<PayloadTypeOptions>& payload_types);

  const Entry& entry(uint8_t payload_type) const { return entries_[payload_type & 0x7f]; }
  const ClockRate& rate(uint8_t clock) const { return rates_[clock]; }

  // Where a stream of this payload type that runs on `clock` has its clock from.
  ClockSource source_of(uint8_t payload_type, uint8_t clock) const {
    if (clock == kUnknown) return ClockSource::kUnknown;
    return entry(payload_type).clock == clock ? entry(payload_type).source : ClockSource::kInferred;
  }

  // The clock that advanced `ticks` in `elapsed_ns`, or kUnknown when the time
  // is too short to tell or no known rate is near. Needs 0.8 s, so that a delay of a quarter of a
  // second makes no other rate of it, and comes within 3 % of a rate; `step` (the usual ticks of a packet, 0
  // when unknown) tells 44.1 from 48 kHz, which lie 8.8 % apart.
  uint8_t infer(int64_t elapsed_ns, uint32_t ticks, uint32_t step) const;

 private:
  uint8_t index_of(uint32_t hz);
  uint8_t by_step(uint8_t clock, uint32_t step) const;

  std::array<Entry, 128> entries_{};
  std::vector<ClockRate> rates_;
  std::array<uint8_t, 7> inferable_{};
};

}  // namespace rtpsonde
