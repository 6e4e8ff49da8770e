// The packets of several network interfaces, such as the two legs of a TAP, as those of one source: in
// order of capture time, each marked with its interface.
//
// A packet waits until every other interface has told all up to its time: either it has a later packet,
// or its ring was found empty kBehind_ns (live_time.h) after that time, when what was captured before
// has surely come. So a silent interface, or one that is down, holds the others by that time and no
// more. A packet that comes later still is handed on as it comes.
#pragma once

#include <memory>
#include <vector>

#include "core/capture/packet_source.h"

namespace rtpsonde {

class JoinedSource : public PacketSource {
 public:
  // 1 to kMaxInterfaces of them.
  JoinedSource(std::vector<std::unique_ptr<LiveSource>> legs, uint32_t busy_poll_us);

  void open() override;
  // May block a little longer than timeout_ms: not kIdle while a packet waits for another interface.
  ReadStatus read(PacketBatch& batch, int timeout_ms) override;
  // Sums; the state is the worst.
  SourceStats stats() override;
  // Of the fullest ring; drops are summed.
  Backlog backlog() override;
  std::vector<SourceStats> by_interface() const override;
  int64_t idle_now_ns() override;
  bool live() const override { return true; }
  std::vector<std::string> problems() override;

 private:
  struct Leg {
    std::unique_ptr<LiveSource> source;
    PacketBatch held;  // read, and handed on up to `next`
    size_t next = 0;
    int64_t reached_ns = -1;  // while it holds nothing: all up to this time has come

    bool empty() const { return next == held.count; }
    int64_t head_ns() const { return held.packets[next].ts_ns; }
  };
  bool refill(Leg& leg);
  void merge(PacketBatch& batch);
  Leg* first(int64_t& until_ns);
  int wait_ms() const;
  void wait(int timeout_ms);

  std::vector<Leg> legs_;
  const uint32_t busy_poll_us_;
  int64_t waited_ns_ = 0;  // since open()
  int64_t now_ns_ = 0;     // of the wall clock, as read() began
};

}  // namespace rtpsonde
