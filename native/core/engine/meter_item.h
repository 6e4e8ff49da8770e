// One packet on its way through the meter.
#pragma once

#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "core/rtp/rtp_header.h"
#include "core/stream/key.h"

namespace rtpsonde {

struct MeterItem {
  Datagram datagram;
  Classified classified;
  RtpHeader rtp;
  StreamKey key;
  uint64_t hash;
  uint64_t place;   // CopyFilter::place_of, when copies are looked for
  uint64_t digest;  // SpanCopies::digest_of, likewise
  uint32_t row;
};

}  // namespace rtpsonde
