// A thread that sends RtpTraffic at a rate or as fast as it goes, and knows what it cost.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/bench/frame_sender.h"
#include "core/bench/rtp_traffic.h"

namespace rtpsonde::bench {

enum class SenderKind { kLiveFrames, kSocket };

struct GeneratorOptions {
  SenderKind sender = SenderKind::kLiveFrames;
  std::string receiving;  // the end of the veth pair that is captured on
  std::string sending;    // the other end
  // kLiveFrames: through the driver of the cable, for XDP in it, not past it. kSocket always goes through.
  bool through_cable = false;
  uint32_t streams = 0;
  uint32_t first_stream = 0;        // number of the first of them
  uint32_t packets_per_second = 0;  // 0: as fast as it goes
  int cpu = -1;                     // to run on; -1: any
};

// Taken at one moment by the generator's thread.
struct GeneratorStats {
  uint64_t sent = 0;
  double cpu_seconds = 0;  // of the thread, in which the kernel's receive path runs too
  double seconds = 0;      // since the start
  std::string error;       // what ended it, empty when nothing did
};

class TrafficGenerator {
 public:
  // Throws Error ERR_BENCH_GENERATOR.
  explicit TrafficGenerator(const GeneratorOptions& options);
  ~TrafficGenerator() { stop(); }

  // To be called once.
  void start();
  // After this the figures are final, and nothing is held in the kernel any more.
  void stop();
  GeneratorStats stats();

 private:
  void run();
  void loop();
  void publish(const std::string& error);

  const GeneratorOptions options_;
  std::unique_ptr<FrameSender> sender_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  uint64_t started_ns_ = 0;
  std::mutex mutex_;
  GeneratorStats published_;
};

}  // namespace rtpsonde::bench
