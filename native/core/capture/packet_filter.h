// The capture filter on packets that no kernel has filtered: those of capture files. The
// expression is compiled for every link type that is decoded, as a file may have several.
#pragma once

#include <string>

#include "core/capture/filter_program.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

class PacketFilter {
 public:
  enum class Verdict : uint8_t {
    kWanted,   // also a packet of a link type that is not decoded: that is its fate
    kRefused,  // the expression does not hold for it
    kUnfit,    // the expression means nothing for its link type: `vlan` in raw IP, say
  };

  // Throws Error ERR_CAPTURE_LIBPCAP, or ERR_CAPTURE_FILTER when the expression can be
  // compiled for none of the link types, with what libpcap says of it for Ethernet.
  explicit PacketFilter(const std::string& expression);

  // Never changes anything, so that threads may share the filter.
  Verdict judge(const PacketView& packet) const;

 private:
  struct OfLinkType {
    LinkType link_type;
    FilterProgram program;  // empty when the expression cannot be compiled for it
  };
  std::vector<OfLinkType> programs_;
};

}  // namespace rtpsonde
