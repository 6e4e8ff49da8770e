// What the engine is compared with, on a thread of its own: a consumer that does
// nothing, one that only parses, and libpcap feeding a Meter.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "core/capture/af_packet_source.h"
#include "core/engine/options.h"

namespace rtpsonde::bench {

enum class ConsumerKind { kNull, kParse, kLibpcap };

// Taken at one moment by the consumer's thread.
struct ConsumerStats {
  uint64_t packets = 0;         // taken from the ring
  uint64_t kernel_packets = 0;  // offered to the socket, drops included
  uint64_t kernel_drops = 0;
  uint64_t rtp = 0;  // packets that were RTP; kNull: none is looked at
  double cpu_seconds = 0;
  std::string error;  // what ended it, empty when nothing did
};

// Takes packets from an interface until it is stopped. Its parts run on the thread of
// PlainConsumer, but open().
class PacketTaker {
 public:
  virtual ~PacketTaker() = default;
  virtual void open() = 0;
  // Takes what is there, a block of the ring or less; waits at most timeout_ms. False when nothing was.
  virtual bool take(int timeout_ms, ConsumerStats& stats) = 0;
  // Sets the kernel's part of the figures.
  virtual void look(ConsumerStats& stats) = 0;
};

class PlainConsumer {
 public:
  // `engine` is for kLibpcap.
  PlainConsumer(ConsumerKind kind, const AfPacketOptions& capture, const EngineOptions& engine);
  ~PlainConsumer() { stop(); }

  // Opens the capture here, so that faults are thrown at the caller, then runs on `cpu`;
  // -1 is any. To be called once.
  void start(int cpu);
  // Takes what the ring still holds, then ends and gives the ring back.
  void stop();
  ConsumerStats stats();

 private:
  void run(int cpu);

  std::unique_ptr<PacketTaker> taker_;
  std::thread thread_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  ConsumerStats published_;
};

std::unique_ptr<PacketTaker> make_null_taker(const AfPacketOptions& capture);
std::unique_ptr<PacketTaker> make_parse_taker(const AfPacketOptions& capture);
// Throws Error ERR_BENCH_LIBPCAP when libpcap is not installed.
std::unique_ptr<PacketTaker> make_libpcap_taker(const AfPacketOptions& capture, const EngineOptions& engine);

}  // namespace rtpsonde::bench
