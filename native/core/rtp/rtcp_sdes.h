// Source description, goodbye and application packets (RFC 3550 6.5 to 6.7).
#pragma once

#include <cstdint>

#include "core/base/bytes.h"
#include "core/rtp/rtcp.h"

namespace rtpsonde {

// RFC 3550 6.5 and IANA "RTP SDES Item Types"; other numbers may come.
enum class SdesType : uint8_t {
  kEnd = 0,
  kCname = 1,
  kName = 2,
  kEmail = 3,
  kPhone = 4,
  kLoc = 5,
  kTool = 6,
  kNote = 7,
  kPriv = 8,
  kH323Caddr = 9,
  kApsi = 10,         // RFC 6776 4.5
  kRgrp = 11,         // RFC 8861
  kRtpStreamId = 12,  // RFC 8852
  kRepairedRtpStreamId = 13,
  kCcid = 14,  // RFC 8849
  kMid = 15,   // RFC 8843
};

// One item of one chunk. The views point into the packet and hold whatever the
// sender wrote: not terminated, not checked to be UTF-8.
struct SdesItem {
  uint32_t ssrc;  // the source (SSRC or CSRC) the item describes
  SdesType type;
  Bytes prefix;  // PRIV alone: the name of the private item
  Bytes text;    // 0..255 octets
};

// Walks the items of all chunks of a packet of type 202.
class SdesReader {
 public:
  explicit SdesReader(const RtcpPacket& packet)
      : body_(packet.body.first(packet.body_len - packet.padding)),
        body_len_(packet.body_len - packet.padding),
        chunks_left_(packet.count) {}
  // kPacket: `out` holds the next item. An empty chunk gives no item.
  RtcpStep next(SdesItem& out);

 private:
  RtcpStep enter_chunk();

  Bytes body_;
  uint32_t body_len_;
  uint32_t offset_ = 0;
  uint32_t chunks_left_;
  uint32_t ssrc_ = 0;
  bool in_chunk_ = false;
};

// A BYE: `count` sources leave.
struct Bye {
  uint32_t count;    // as the SC field says, 0..31
  uint32_t present;  // of these, captured
  Bytes sources;     // present * 4 octets
  Bytes reason;      // empty when not given; 0..255 octets

  uint32_t ssrc(uint32_t index) const { return sources.be32(4UL * index); }
};

// Opens a packet of type 203. False when SC asks for more sources than fit.
// A reason whose length is wrong is left empty: the sources still hold.
bool read_bye(const RtcpPacket& packet, Bye& out);

// An APP packet: not interpreted.
struct App {
  uint32_t ssrc;    // who sends it
  uint8_t subtype;  // 0..31
  char name[4];     // four ASCII characters, or what the sender wrote
  Bytes data;       // as far as captured, padding not included
};

// Opens a packet of type 204. False when SSRC and name are not there.
bool read_app(const RtcpPacket& packet, App& out);

}  // namespace rtpsonde
