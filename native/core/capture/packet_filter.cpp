// See packet_filter.h.
#include "core/capture/packet_filter.h"

#include "core/base/error.h"
#include "core/capture/filter_compiler.h"
#include "core/capture/filter_interpreter.h"

namespace rtpsonde {
namespace {

// Ethernet first: what is said against an expression is said of it.
constexpr LinkType kLinkTypes[] = {LinkType::kEthernet, LinkType::kNull,     LinkType::kRawIp,
                                   LinkType::kLoop,     LinkType::kLinuxSll, LinkType::kIpv4,
                                   LinkType::kIpv6,     LinkType::kLinuxSll2};

// The program for kNull holds for a writer with our byte order. An address family is a
// small number, so that its first octet is 0 only in network order, that of kLoop.
uint16_t layout_of(const PacketView& packet) {
  const bool null = packet.link_type == static_cast<uint16_t>(LinkType::kNull);
  if (null && packet.bytes.size > 0 && packet.bytes.u8(0) == 0) return static_cast<uint16_t>(LinkType::kLoop);
  return packet.link_type;
}

}  // namespace

PacketFilter::PacketFilter(const std::string& expression) {
  std::string why;
  bool any = false;
  for (const LinkType link_type : kLinkTypes) {
    FilterProgram program;
    try {
      program = compile_filter(expression, link_type);
      any = true;
    } catch (const Error& error) {
      if (error.code() != "ERR_CAPTURE_FILTER") throw;
      if (why.empty()) why = error.what();
    }
    programs_.push_back({link_type, std::move(program)});
  }
  if (!any) throw Error("ERR_CAPTURE_FILTER", why);
}

PacketFilter::Verdict PacketFilter::judge(const PacketView& packet) const {
  const uint16_t layout = layout_of(packet);
  for (const auto& [link_type, program] : programs_) {
    if (static_cast<uint16_t>(link_type) != layout) continue;
    if (program.empty()) return Verdict::kUnfit;
    return run_filter(program, packet.bytes, packet.wire_len) > 0 ? Verdict::kWanted : Verdict::kRefused;
  }
  return Verdict::kWanted;
}

}  // namespace rtpsonde
