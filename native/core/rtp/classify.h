// What a UDP datagram is, by its first octets (RFC 7983, RFC 5761).
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/base/counters.h"

namespace rtpsonde {

enum class Protocol : uint8_t { kRtp, kRtcp, kOther };

struct Classified {
  Protocol protocol = Protocol::kOther;
  Counter reason = Counter::kNotRtp;  // why, when it is neither
  Bytes payload;                      // without a TURN channel header
  uint32_t payload_len = 0;
};

namespace detail {

// First octets that are not RTP's range: STUN, ZRTP, DTLS, the rest.
inline Counter other_protocol(Bytes payload) {
  const uint8_t first = payload.u8(0);
  constexpr uint32_t kStunCookie = 0x2112a442;  // RFC 8489 5
  constexpr uint32_t kZrtpCookie = 0x5a525450;  // 'ZRTP', RFC 6189 5
  if (first <= 3 && payload.has(4, 4) && payload.be32(4) == kStunCookie) return Counter::kStun;
  if (first >= 16 && first <= 19 && payload.has(4, 4) && payload.be32(4) == kZrtpCookie)
    return Counter::kZrtp;
  if (first >= 20 && first <= 63 && payload.has(1, 1) && payload.u8(1) == 0xfe) return Counter::kDtls;
  return Counter::kNotRtp;
}

inline Protocol rtp_or_rtcp(Bytes payload) {
  const uint8_t second = payload.u8(1);
  return second >= 192 && second <= 223 ? Protocol::kRtcp : Protocol::kRtp;
}

[[gnu::noinline]] inline Classified classify_rest(Bytes payload, uint32_t payload_len) {
  Classified result;
  result.payload = payload;
  result.payload_len = payload_len;
  if (payload_len < 8) {
    result.reason = Counter::kUdpTooShort;
    return result;
  }
  if (payload.size < 8) {
    result.reason = Counter::kTruncatedUdp;
    return result;
  }
  // TURN ChannelData (RFC 8656 12.4): channel 0x4000..0x4fff, length, data, and at
  // most 3 octets of padding. QUIC may begin with the same octet (RFC 9443).
  const uint32_t turn_len = payload.be16(2);
  const bool turn_fits = turn_len >= 8 && turn_len <= payload_len - 4 && payload_len - 4 - turn_len <= 3;
  if ((payload.u8(0) & 0xf0) == 0x40 && turn_fits) {
    result.payload_len = turn_len;
    result.payload = payload.from(4).first(result.payload_len);
    if (result.payload.size < 8) {
      result.reason = Counter::kTruncatedUdp;
      return result;
    }
  }
  if ((result.payload.u8(0) & 0xc0) != 0x80) {
    result.reason = detail::other_protocol(result.payload);
    return result;
  }
  result.protocol = rtp_or_rtcp(result.payload);
  return result;
}

}  // namespace detail

// Needs nothing but the bytes; whether a stream comes of it is for the table.
[[gnu::always_inline]] inline Classified classify(Bytes payload, uint32_t payload_len) {
  const bool whole = payload_len >= 8 && payload.size >= 8;
  if (!whole || (payload.u8(0) & 0xc0) != 0x80) [[unlikely]]
    return detail::classify_rest(payload, payload_len);
  return {detail::rtp_or_rtcp(payload), Counter::kNotRtp, payload, payload_len};
}

}  // namespace rtpsonde
