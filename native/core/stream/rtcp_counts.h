// How often RTCP of each kind spoke of a stream, in the open window and in all.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace rtpsonde {

enum class RtcpCount : uint8_t {
  // of the stream's receiver
  kReportBlocks,   // RFC 3550 6.4.1
  kUnknownLsr,     // of these, with the LSR of no SR that passed the tap lately
  kNack,           // RFC 4585 6.2.1: packets
  kNackedPackets,  // sequence numbers that they ask for
  kPli,            // RFC 4585 6.3.1
  kSli,            // RFC 4585 6.3.2
  kRpsi,           // RFC 4585 6.3.3
  kFir,            // RFC 5104 4.3.1; RFC 2032 5.2.1
  kTmmbr,          // RFC 5104 4.2.1
  kTstr,           // RFC 5104 4.3.2
  kVbcm,           // RFC 5104 4.3.4
  kRemb,           // draft-alvestrand-rmcat-remb-03
  kTransportCc,    // draft-holmer-rmcat-transport-wide-cc-extensions-01
  kCcfb,           // RFC 8888 3.1
  kEcn,            // RFC 6679 5.1
  kOtherFeedback,
  kXrBlocks,           // RFC 3611 3: with metrics about the stream
  kXrWithoutInterval,  // RFC 6776 4: of an interval, without the measurement information that tells it
  kXrSkipped,          // of types that are not read
  kXrDropped,          // reserved I flag, or a length that cannot be
  // of the stream's sender
  kSenderReports,  // RFC 3550 6.4.1
  kUnknownLrr,     // RFC 3611 4.5: DLRR with the LRR of no RRTR that passed the tap lately
  kTmmbn,          // RFC 5104 4.2.2: answers to TMMBR
  kTstn,           // RFC 5104 4.3.3: answers to TSTR
  kApp,            // RFC 3550 6.7
  kOtherPackets,   // of types known by their length alone
  kReducedSize,    // RFC 5506: compounds without a report at their head
  kSrtcp,          // RFC 3711 3.4: encrypted compounds
  kMalformed,      // compounds whose lengths do not add up
};
constexpr size_t kRtcpCounts = 29;

class RtcpCounts {
 public:
  void add(RtcpCount what, uint32_t n = 1) { whole_[static_cast<size_t>(what)] += n; }
  uint32_t whole(RtcpCount what) const { return whole_[static_cast<size_t>(what)]; }
  uint32_t in_window(RtcpCount what) const {
    return whole(what) - at_window_begin_[static_cast<size_t>(what)];
  }
  bool any_in_window() const { return !std::equal(std::begin(whole_), std::end(whole_), at_window_begin_); }
  void begin_window() {
    for (size_t i = 0; i < kRtcpCounts; i++) at_window_begin_[i] = whole_[i];
  }

 private:
  uint32_t whole_[kRtcpCounts] = {};
  uint32_t at_window_begin_[kRtcpCounts] = {};
};

}  // namespace rtpsonde
