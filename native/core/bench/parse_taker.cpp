// Takes packets as the engine does and decodes each to its RTP header; keeps nothing.
#include "core/bench/parse_only.h"
#include "core/bench/plain_consumer.h"

namespace rtpsonde::bench {
namespace {

class ParseTaker : public PacketTaker {
 public:
  explicit ParseTaker(const AfPacketOptions& capture) : source_(capture) {}

  void open() override { source_.open(); }

  bool take(int timeout_ms, ConsumerStats& stats) override {
    if (source_.read(batch_, timeout_ms) != ReadStatus::kPackets) return false;
    stats.packets += batch_.count;
    stats.rtp += parse_.take(batch_);
    return true;
  }

  void look(ConsumerStats& stats) override {
    const SourceStats source = source_.stats();
    stats.kernel_packets = source.kernel_packets;
    stats.kernel_drops = source.kernel_drops;
  }

 private:
  AfPacketSource source_;
  PacketBatch batch_;
  ParseOnly parse_;
};

}  // namespace

std::unique_ptr<PacketTaker> make_parse_taker(const AfPacketOptions& capture) {
  return std::make_unique<ParseTaker>(capture);
}

}  // namespace rtpsonde::bench
