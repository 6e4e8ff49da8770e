// Expressions in tcpdump's language (pcap-filter(7)), compiled by libpcap. The library
// is loaded when the first expression comes, so that neither building nor running
// without a filter needs it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/capture/filter_program.h"
#include "core/capture/libpcap.h"
#include "core/capture/packet_source.h"

namespace rtpsonde {

// Throws Error: ERR_CAPTURE_LIBPCAP (not installed; says what to install),
// ERR_CAPTURE_FILTER (what libpcap says against the expression). Host names in the
// expression are looked up, as tcpdump does.
// libraries: names to look for, in order; others than the default are for tests.
FilterProgram compile_filter(const std::string& expression, LinkType link_type,
                             const std::vector<std::string>& libraries = kLibpcapNames);

}  // namespace rtpsonde
