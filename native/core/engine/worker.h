// One thread, one source, one meter. Nothing is shared while packets are measured; what
// is sealed goes to the inbox, and a copy of the counters is published now and then.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/capture/packet_source.h"
#include "core/engine/meter.h"
#include "core/engine/overload_watch.h"
#include "core/engine/part_inbox.h"

namespace rtpsonde {

// A copy of what the worker knows, taken now and then.
struct WorkerStats {
  Counters counters;
  SourceStats source;
  std::vector<SourceStats> interfaces;  // of each network interface, in their order
  std::vector<std::string> problems;
  size_t table_bytes = 0;
  double cpu_seconds = 0;  // used by the worker's thread since it started
  std::string error;       // what stopped the worker, empty when nothing did
};

// CPU time of the calling thread.
double thread_cpu_seconds();

class Worker {
 public:
  static constexpr int kAnyCpu = -1;

  // `index` in the inbox. `stopping` is that of all workers: one that fails stops the others.
  Worker(const EngineOptions& options, std::unique_ptr<PacketSource> source, size_t index, PartInbox& inbox,
         std::atomic<bool>& stopping);

  // Opens the source, so that faults are thrown at the caller.
  void open() { source_->open(); }
  // `cpu` to run on, or kAnyCpu.
  void start(int cpu);
  // After `stopping` was set, and the inbox closed: what is open has been sealed.
  void join();

  bool live() const { return source_->live(); }
  WorkerStats stats();

 private:
  void run();
  void loop();
  void drain(PacketBatch& batch);
  void publish();
  void pin(int cpu);

  const size_t index_;
  PartInbox& inbox_;
  std::atomic<bool>& stopping_;
  std::unique_ptr<PacketSource> source_;
  Meter meter_;
  OverloadWatch overload_;
  std::thread thread_;

  std::mutex published_mutex_;
  WorkerStats published_;
  std::string pin_problem_;
};

}  // namespace rtpsonde
