// See traffic_generator.h.
#include "core/bench/traffic_generator.h"

#include <algorithm>

#include "core/bench/live_frames.h"
#include "core/bench/socket_sender.h"
#include "core/bench/thread_clock.h"

namespace rtpsonde::bench {
namespace {

// At a rate, what is due goes out in bursts this far apart; the ring bridges them.
constexpr uint64_t kTickNs = 2'000'000;
// As fast as it goes, so many at a time, some milliseconds.
constexpr uint32_t kChunk = 8192;
// What is due when the machine held us up for longer than this is not made up for.
constexpr uint64_t kLatestNs = 50'000'000;

std::unique_ptr<FrameSender> make_sender(const GeneratorOptions& options) {
  const RtpTraffic traffic(options.streams, options.first_stream);
  if (options.sender == SenderKind::kSocket) return std::make_unique<SocketSender>(traffic, options.sending);
  return std::make_unique<LiveFrames>(traffic, options.receiving, options.sending, options.through_cable);
}

}  // namespace

TrafficGenerator::TrafficGenerator(const GeneratorOptions& options)
    : options_(options), sender_(make_sender(options)) {}

void TrafficGenerator::start() {
  thread_ = std::thread([this] { run(); });
}

void TrafficGenerator::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  sender_.reset();
}

void TrafficGenerator::run() {
  std::string error;
  started_ns_ = monotonic_ns();
  try {
    run_on_cpu(options_.cpu);
    loop();
  } catch (const std::exception& e) {
    error = e.what();
  }
  publish(error);
}

void TrafficGenerator::loop() {
  const uint64_t rate = options_.packets_per_second;
  const double per_ns = static_cast<double>(rate) / 1e9;
  double due = 0;
  uint64_t last = started_ns_;
  while (!stopping_.load(std::memory_order_relaxed)) {
    if (rate == 0) {
      sender_->send(kChunk);
    } else {
      const uint64_t now = monotonic_ns();
      due += static_cast<double>(std::min(now - last, kLatestNs)) * per_ns;
      last = now;
      if (due >= 1) {
        const auto packets = static_cast<uint32_t>(std::min<double>(due, kChunk));
        sender_->send(packets);
        due -= packets;
      }
      // What is left over goes at once; being behind for good means the rate is not reached.
      if (due < kChunk) sleep_until(now + kTickNs);
      due = std::min(due, static_cast<double>(kLatestNs) * per_ns);
    }
    publish("");
  }
}

void TrafficGenerator::publish(const std::string& error) {
  const double cpu = thread_cpu_seconds();
  const double seconds = static_cast<double>(monotonic_ns() - started_ns_) / 1e9;
  std::lock_guard lock(mutex_);
  published_ = {sender_->sent(), cpu, seconds, error};
}

GeneratorStats TrafficGenerator::stats() {
  std::lock_guard lock(mutex_);
  return published_;
}

}  // namespace rtpsonde::bench
