// Walk and parse: every packet decoded to its RTP header, nothing kept. What the
// engine's accounting is compared with.
#pragma once

#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "core/rtp/rtp_header.h"

namespace rtpsonde::bench {

class ParseOnly {
 public:
  // How many of the packets were RTP.
  size_t take(const PacketBatch& batch) {
    size_t rtp = 0;
    for (size_t i = 0; i < batch.count; i++) {
      if (!decoder_.decode(batch.packets[i], counters_, datagram_)) continue;
      const Classified c = classify(datagram_.payload, datagram_.payload_len);
      if (c.protocol != Protocol::kRtp) continue;
      if (parse_rtp(c.payload, c.payload_len, header_) != RtpParse::kOk) continue;
      check_ += header_.sequence ^ header_.ssrc;
      rtp++;
    }
    return rtp;
  }

  // Of what was parsed, so that it is used.
  uint64_t check() const { return check_; }

 private:
  Decoder decoder_{FragmentOptions{}};
  Counters counters_;
  Datagram datagram_;
  RtpHeader header_;
  uint64_t check_ = 0;
};

}  // namespace rtpsonde::bench
