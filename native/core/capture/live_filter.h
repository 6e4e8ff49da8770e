// The capture filter of the user and our own program (af_packet_filter.h) as the one
// program that a packet socket can have.
#pragma once

#include <string>

#include "core/capture/filter_program.h"

namespace rtpsonde {

// A frame that `wanted` refuses is dropped; of any other `keep` says how much is kept.
FilterProgram join_filters(FilterProgram wanted, const FilterProgram& keep);

// Linux takes the outermost VLAN tag out of a frame before any socket gets it. What
// `wanted` says of a whole frame with that tag in its place (EtherType at offset 12,
// tag control information at 14), asked of what is left of the frame and of what the kernel
// keeps beside it. Throws Error ERR_CAPTURE_FILTER for what cannot be said so: an offset into the
// Ethernet header that is computed, ether[EXPRESSION].
FilterProgram under_stripped_tag(const FilterProgram& wanted);

// Whether the expression asks for VLAN tags.
bool names_vlan(const std::string& expression);

// The program for a packet socket on an interface with Ethernet frames. As with tcpdump, an
// expression that does not name `vlan` looks through the outermost tag, and one that
// does sees it. Throws Error ERR_CAPTURE_LIBPCAP, ERR_CAPTURE_FILTER.
FilterProgram live_filter(const std::string& expression, const FilterProgram& keep);

}  // namespace rtpsonde
