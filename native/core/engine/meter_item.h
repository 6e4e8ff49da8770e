// One packet on its way through the meter.
#pragma once

#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "core/rtp/rtp_header.h"
#include "core/stream/key.h"

namespace rtpsonde {

struct MeterItem {
  Datagram datagram;
  Bytes payload;         // of the datagram, without a TURN channel header
  uint32_t payload_len;  // what the wire had of it
  Protocol protocol;     // kRtp or kRtcp
  RtpHeader rtp;
  StreamKey key;
  uint64_t hash;
  uint64_t place;   // CopyFilter::place_of, when copies are looked for
  uint64_t digest;  // SpanCopies::digest_of, likewise
  uint32_t row;
  InterfaceId interface;  // that it came from
};

}  // namespace rtpsonde
