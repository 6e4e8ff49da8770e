// rtpsonde_rtcp_dump FILE: what the core reads of the RTCP in a capture file, one
// JSON object per line, for tests that compare it with tshark.
#include <cstdio>
#include <exception>
#include <string>

#include "core/capture/file_source.h"
#include "core/decode/decode.h"
#include "core/rtp/classify.h"
#include "tools/rtcp_printer.h"

namespace {

void dump(const char* path) {
  using namespace rtpsonde;
  FileSource source({.paths = {path}});
  source.open();
  Decoder decoder{FragmentOptions{}};
  Counters counters;
  PacketBatch batch;
  Datagram datagram;
  std::string text;
  tools::RtcpPrinter printer(text);
  uint64_t frame = 0;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++) {
      printer.begin_frame(++frame);
      if (!decoder.decode(batch.packets[i], counters, datagram)) continue;
      const Classified classified = classify(datagram.payload, datagram.payload_len);
      if (classified.protocol != Protocol::kRtcp) continue;
      const RtcpRead read = read_rtcp(classified.payload, classified.payload_len, printer);
      printer.print_end(read, classified.payload_len, datagram.src_port, datagram.dst_port);
      std::fputs(text.c_str(), stdout);
      text.clear();
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: rtpsonde_rtcp_dump FILE\n");
    return 64;
  }
  try {
    dump(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "rtpsonde_rtcp_dump: %s\n", error.what());
    return 1;
  }
  return 0;
}
