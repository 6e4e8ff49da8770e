// All of it: one or several workers, the thread that makes one block of their windows, and
// the queue of blocks for the taker.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/block_queue.h"
#include "core/engine/part_inbox.h"
#include "core/engine/window_merger.h"
#include "core/engine/worker.h"

namespace rtpsonde {

struct EngineStats {
  Counters counters;  // of all workers, and what is counted when their windows are merged
  std::vector<WorkerStats> workers;
  std::vector<std::string> problems;  // each once
  size_t queue_depth = 0;
  size_t table_bytes = 0;
  double cpu_seconds = 0;   // of all threads since the start
  uint64_t bytes_read = 0;  // of the worker that is furthest back
  uint64_t bytes_total = 0;
  CaptureState state = CaptureState::kFile;  // of the first worker's source
  std::vector<SourceStats> interfaces;       // of each network interface, all workers together
  CaptureMethod method = CaptureMethod::kFile;
  bool ended = false;  // the sources have ended and every block is in the queue
  std::string error;   // what stopped a worker, and with it all
};

class Engine {
 public:
  // One worker for each source. Sources of files all read the same packets, and each worker
  // measures its share; live ones are dealt theirs by the kernel. `cpus`: what the workers
  // run on, in turn; empty for any.
  Engine(const EngineOptions& options, std::vector<std::unique_ptr<PacketSource>> sources,
         std::vector<int> cpus = {});
  ~Engine() { stop(); }

  // Opens the sources here, so that faults are thrown at the caller, then runs.
  void start();
  // Seals what is open and joins all threads. Blocks stay in the queue.
  void stop();

  std::optional<Block> take() { return queue_.take(); }
  EngineStats stats();

 private:
  void merge();

  const std::vector<int> cpus_;
  const bool live_;
  std::atomic<bool> stopping_{false};
  PartInbox inbox_;
  BlockQueue queue_;
  WindowMerger merger_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::thread thread_;
  bool started_ = false;

  std::mutex published_mutex_;
  Counters published_;  // of the merger
  double merger_cpu_seconds_ = 0;
  std::string merger_error_;
  bool ended_ = false;
};

}  // namespace rtpsonde
