// One thread, one source, one meter, one queue. Nothing is shared but the queue
// of sealed blocks and a copy of the counters.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/capture/packet_source.h"
#include "core/engine/block_queue.h"
#include "core/engine/meter.h"

namespace rtpsonde {

// A copy of what the worker knows, taken now and then.
struct WorkerStats {
  Counters counters;
  SourceStats source;
  std::vector<std::string> problems;
  size_t queue_depth = 0;
  size_t table_bytes = 0;
  double cpu_seconds = 0;  // used by the worker's thread since it started
  bool ended = false;      // the source has ended and every block is in the queue
  std::string error;       // what stopped the worker, empty when nothing did
};

class Worker {
 public:
  Worker(const EngineOptions& options, std::unique_ptr<PacketSource> source);
  ~Worker() { stop(); }

  // Opens the source here, so that faults are thrown at the caller, then runs.
  void start();
  // Seals what is open and joins the thread. Blocks stay in the queue.
  void stop();

  std::optional<Block> take() { return queue_.take(); }
  WorkerStats stats();

 private:
  void run();
  void loop();
  void drain(PacketBatch& batch);
  void publish();

  std::unique_ptr<PacketSource> source_;
  BlockQueue queue_;
  Meter meter_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};

  std::mutex published_mutex_;
  WorkerStats published_;
};

}  // namespace rtpsonde
