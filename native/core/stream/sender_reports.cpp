#include "core/stream/sender_reports.h"

#include <limits>

namespace rtpsonde {

namespace {

constexpr double kNtpSecond = 4294967296.0;  // 32.32 bit

}  // namespace

SentInterval SentInterval::operator-(const SentInterval& other) const {
  return {sender_packets - other.sender_packets, sender_octets - other.sender_octets,
          tap_packets - other.tap_packets, tap_octets - other.tap_octets};
}

void SentInterval::add(const SentInterval& other) {
  sender_packets += other.sender_packets;
  sender_octets += other.sender_octets;
  tap_packets += other.tap_packets;
  tap_octets += other.tap_octets;
}

void SenderReports::report(const SenderInfo& info, int64_t seen_ns, const StreamHot& hot,
                           const StreamCold& cold) {
  const uint64_t tap_packets = cold.distinct(hot);
  const uint64_t tap_octets = cold.sealed().octets + hot.octets;
  if (any_) {
    const auto packets = static_cast<int32_t>(info.packets - packets_);
    const auto later = static_cast<int64_t>(info.ntp - last_ntp_);
    if (packets <= 0 && later <= 0 && info.ntp != 0) return;
    // Fewer than before, though later: the sender counts anew. So it does when it
    // cannot have sent so many.
    const double most = 10'000 + 1e-3 * static_cast<double>(seen_ns - last_ns_);  // 10^6 a second
    if (packets >= 0 && packets <= most) {
      whole_.add({packets, static_cast<uint32_t>(info.octets - octets_),
                  static_cast<int64_t>(tap_packets) - static_cast<int64_t>(tap_packets_),
                  static_cast<int64_t>(tap_octets) - static_cast<int64_t>(tap_octets_)});
    }
  }
  follow_clock(info);
  any_ = true;
  last_ns_ = seen_ns;
  last_ntp_ = info.ntp;
  last_rtp_timestamp_ = info.rtp_timestamp;
  packets_ = info.packets;
  octets_ = info.octets;
  tap_packets_ = tap_packets;
  tap_octets_ = tap_octets;
}

void SenderReports::follow_clock(const SenderInfo& info) {
  constexpr auto kHour = int64_t{3600} << 32;
  const auto passed = static_cast<int64_t>(info.ntp - last_ntp_);
  const auto ticks = static_cast<int32_t>(info.rtp_timestamp - last_rtp_timestamp_);
  const bool follows = first_ntp_ != 0 && info.ntp != 0 && passed > 0 && passed < kHour && ticks > 0;
  if (follows) {
    ticks_ += ticks;
  } else {
    first_ntp_ = info.ntp;
    ticks_ = 0;
  }
}

double SenderReports::clock_hz() const {
  const double span_s = first_ntp_ == 0 ? 0 : static_cast<double>(last_ntp_ - first_ntp_) / kNtpSecond;
  if (span_s < 1) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(ticks_) / span_s;
}

}  // namespace rtpsonde
