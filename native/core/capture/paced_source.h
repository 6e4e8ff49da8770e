// Capture files at the speed they were recorded at, or a multiple of it: for
// demonstrations and for tests of what follows in real time.
#pragma once

#include <memory>

#include "core/capture/packet_source.h"

namespace rtpsonde {

class PacedSource : public PacketSource {
 public:
  // speed: 1 is real time, 10 ten times faster; above 0.
  PacedSource(std::unique_ptr<PacketSource> inner, double speed);

  void open() override { inner_->open(); }
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  SourceStats stats() override { return inner_->stats(); }
  int64_t idle_now_ns() override { return inner_->idle_now_ns(); }
  bool live() const override { return inner_->live(); }
  std::vector<std::string> problems() override { return inner_->problems(); }

 private:
  std::unique_ptr<PacketSource> inner_;
  double speed_;
  PacketBatch held_;  // read already, its time has not come
  bool holding_ = false;
  bool started_ = false;
  bool due_known_ = false;
  int64_t last_packet_ns_ = 0;
  int64_t due_ns_ = 0;  // when the held batch is due, by the monotonic clock
};

}  // namespace rtpsonde
