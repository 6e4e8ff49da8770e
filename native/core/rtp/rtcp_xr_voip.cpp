// BT 7, VoIP metrics (RFC 3611 4.7). Declared in rtcp_xr_rfc3611.h.
#include "core/rtp/rtcp_xr_rfc3611.h"
#include "core/rtp/rtcp_xr_value.h"

namespace rtpsonde {
namespace {

// 127 is unavailable; what lies outside the range must be ignored (4.7.5).
double r_factor(uint8_t code) { return code <= 100 ? code : xr::kUnavailable; }
double mos(uint8_t code) { return code >= 10 && code <= 50 ? code / 10.0 : xr::kUnavailable; }

// RFC 3611 4.7.4: signed dBm0, 127 is unavailable.
double level_dbm0(uint8_t code) { return code == 127 ? xr::kUnavailable : static_cast<int8_t>(code); }

// 0 is sent until the delay is known (4.7.3).
double delay_ms(uint16_t code) { return code == 0 ? xr::kUnavailable : code; }

}  // namespace

// RFC 3611 4.7
//
//  0                   1                   2                   3
//  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// |     BT=7      |   reserved    |       block length = 8        |
// |                        SSRC of source                         |
// |   loss rate   | discard rate  | burst density |  gap density  |
// |       burst duration          |         gap duration          |
// |     round trip delay          |       end system delay        |
// | signal level  |  noise level  |     RERL      |     Gmin      |
// |   R factor    | ext. R factor |    MOS-LQ     |    MOS-CQ     |
// |   RX config   |   reserved    |          JB nominal           |
// |          JB maximum           |          JB abs max           |
//
// RX config: | PLC (2) | JBA (2) | JB rate (4) |
bool read_voip_metrics(const XrBlock& block, VoipMetrics& out) {
  if (block.length_words != 8 || !block.whole()) return false;
  const Bytes body = block.body;
  out.ssrc = block.ssrc;
  out.loss_rate = body.u8(4) / 256.0;
  out.discard_rate = body.u8(5) / 256.0;
  out.burst_density = body.u8(6) / 256.0;
  out.gap_density = body.u8(7) / 256.0;
  out.burst_duration_ms = body.be16(8);
  out.gap_duration_ms = body.be16(10);
  out.round_trip_delay_ms = delay_ms(body.be16(12));
  out.end_system_delay_ms = delay_ms(body.be16(14));
  out.signal_level_dbm0 = level_dbm0(body.u8(16));
  out.noise_level_dbm0 = level_dbm0(body.u8(17));
  out.rerl_db = body.u8(18) == 127 ? xr::kUnavailable : body.u8(18);
  out.gmin = body.u8(19);
  out.r_factor = r_factor(body.u8(20));
  out.ext_r_factor = r_factor(body.u8(21));
  out.mos_lq = mos(body.u8(22));
  out.mos_cq = mos(body.u8(23));
  out.plc = static_cast<VoipMetrics::Plc>(body.u8(24) >> 6);
  out.buffer = static_cast<VoipMetrics::BufferKind>((body.u8(24) >> 4) & 3);
  out.buffer_rate = body.u8(24) & 0x0f;
  out.buffer_nominal_ms = body.be16(26);
  out.buffer_max_ms = body.be16(28);
  out.buffer_abs_max_ms = body.be16(30);
  return true;
}

}  // namespace rtpsonde
