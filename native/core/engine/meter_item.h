// One packet on its way through the meter.
#pragma once

#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "core/stream/accounting.h"
#include "core/stream/key.h"
#include "core/stream/span_copies.h"

namespace rtpsonde {

struct alignas(64) MeterItem {
  Datagram datagram;  // its payload without a TURN channel header
  Protocol protocol;  // kRtp or kRtcp
  RtpPacket rtp;      // when it is that, like all that follows
  StreamKey key;
  uint64_t hash;
  uint64_t place;           // CopyFilter::place_of, when copies are looked for
  uint64_t digest;          // SpanCopies::digest_of, likewise
  SpanCopies::Entry entry;  // likewise
  uint32_t row;
};

}  // namespace rtpsonde
