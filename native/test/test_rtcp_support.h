// For the tests of RTCP: a datagram in hex to everything that is read of it, one
// line each, as the printer of native/tools writes it less the marks of JSON.
#pragma once

#include <string>

#include "core/rtp/rtcp_visitor.h"
#include "test_rtp_support.h"
#include "tools/rtcp_printer.h"

namespace rtcp_test {

// "what field:value,field:value" for each thing but the packets and the summary.
inline std::string plain(const std::string& lines) {
  std::string out;
  size_t at = 0;
  while (at < lines.size()) {
    const size_t end = lines.find('\n', at);
    std::string line = lines.substr(at, end - at);
    at = end + 1;
    if (line.find("\"what\":\"packet\"") != std::string::npos) continue;
    line = line.substr(line.find("\"what\":") + 7);
    for (const char c : line) {
      if (c != '"' && c != '{' && c != '}') out += c;
    }
    out += "\n";
  }
  return out;
}

struct Result {
  rtpsonde::RtcpRead read;
  std::string text;
};

inline Result read(const std::string& digits, uint32_t wire_len = 0) {
  const rtp_test::Octets octets(digits);
  std::string lines;
  tools::RtcpPrinter printer(lines);
  Result result;
  result.read = rtpsonde::read_rtcp(octets.bytes(), wire_len > 0 ? wire_len : octets.size(), printer);
  result.text = plain(lines);
  return result;
}

// What is in the datagram, and how it ended when that was not with everything read.
inline std::string read_text(const std::string& digits, uint32_t wire_len = 0) {
  constexpr const char* kEnds[] = {"", "cut\n", "damaged\n", "encrypted\n", "malformed\n"};
  const Result result = read(digits, wire_len);
  std::string text = result.text + kEnds[static_cast<int>(result.read.end)];
  if (result.read.damaged_packets > 0) {
    text += std::to_string(result.read.damaged_packets) + " damaged packets\n";
  }
  return text;
}

// An XR packet of sender 0x2a with these blocks.
inline std::string xr(const std::string& blocks) {
  const uint32_t words = rtp_test::Octets(blocks).size() / 4 + 1;
  char header[32];
  std::snprintf(header, sizeof header, "80cf %04x 0000002a ", words);
  return header + blocks;
}

// Text of the one block, without what all XR lines begin with.
inline std::string block_text(const std::string& block) {
  std::string text = read_text(xr(block));
  const std::string sender = "sender:0x0000002a,";
  const size_t at = text.find(sender);
  return at == std::string::npos ? text : text.substr(at + sender.size());
}

}  // namespace rtcp_test
