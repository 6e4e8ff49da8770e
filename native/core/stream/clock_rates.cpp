#include "core/stream/clock_rates.h"

#include <cmath>
#include <string>

#include "core/base/error.h"

namespace rtpsonde {

namespace {
// The rates that audio and video profiles use (RFC 3551, RFC 7587, AES67).
constexpr std::array<uint32_t, 7> kKnownRates = {8000, 16000, 24000, 32000, 44100, 48000, 90000};
}  // namespace

ClockTable::ClockTable(const std::vector<PayloadTypeOptions>& payload_types) {
  rates_.push_back({0, 0.0});
  for (size_t i = 0; i < kKnownRates.size(); i++) inferable_[i] = index_of(kKnownRates[i]);
  for (const PayloadTypeOptions& option : payload_types) {
    if (option.payload_type > 127 || option.clock_rate == 0) {
      throw Error("ERR_ENGINE_OPTIONS", "payload type " + std::to_string(option.payload_type) +
                                            ": type or clock rate out of range");
    }
    entries_[option.payload_type] = {index_of(option.clock_rate), option.kind, option.source};
  }
}

uint8_t ClockTable::index_of(uint32_t hz) {
  for (size_t i = 1; i < rates_.size(); i++) {
    if (rates_[i].hz == hz) return static_cast<uint8_t>(i);
  }
  if (rates_.size() > 200) throw Error("ERR_ENGINE_OPTIONS", "more than 200 different clock rates");
  rates_.push_back({hz, 1000.0 / hz});
  return static_cast<uint8_t>(rates_.size() - 1);
}

// 44.1 and 48 kHz lie so near that jitter turns one into the other: a packet time of
// whole 2.5 ms on one of them alone decides.
uint8_t ClockTable::by_step(uint8_t clock, uint32_t step) const {
  const uint32_t hz = rates_[clock].hz;
  if (step == 0 || (hz != 44100 && hz != 48000)) return clock;
  const auto whole = [step](uint64_t rate) { return step * uint64_t{400} % rate == 0; };
  const uint32_t other = hz == 44100 ? 48000 : 44100;
  if (whole(hz) || !whole(other)) return clock;
  for (const uint8_t candidate : inferable_) {
    if (rates_[candidate].hz == other) return candidate;
  }
  return clock;
}

uint8_t ClockTable::infer(int64_t elapsed_ns, uint32_t ticks, uint32_t step) const {
  constexpr int64_t kShortest_ns = 800'000'000;
  constexpr double kTolerance = 0.03;
  if (elapsed_ns < kShortest_ns) return kUnknown;
  const double hz = static_cast<double>(ticks) * 1e9 / static_cast<double>(elapsed_ns);
  for (const uint8_t clock : inferable_) {
    if (std::abs(hz - rates_[clock].hz) < kTolerance * rates_[clock].hz) return by_step(clock, step);
  }
  return kUnknown;
}

}  // namespace rtpsonde
