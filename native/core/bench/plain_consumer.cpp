// See plain_consumer.h.
#include "core/bench/plain_consumer.h"

#include "core/bench/thread_clock.h"

namespace rtpsonde::bench {
namespace {

constexpr int kTimeoutMs = 100;
// Longer than the kernel keeps a block that is not full.
constexpr int kDrainMs = 50;
constexpr uint64_t kBetweenPublicationsNs = 20'000'000;

std::unique_ptr<PacketTaker> make_taker(ConsumerKind kind, const AfPacketOptions& capture,
                                        const EngineOptions& engine) {
  if (kind == ConsumerKind::kNull) return make_null_taker(capture);
  if (kind == ConsumerKind::kParse) return make_parse_taker(capture);
  return make_libpcap_taker(capture, engine);
}

}  // namespace

PlainConsumer::PlainConsumer(ConsumerKind kind, const AfPacketOptions& capture, const EngineOptions& engine)
    : taker_(make_taker(kind, capture, engine)) {}

void PlainConsumer::start(int cpu) {
  taker_->open();
  thread_ = std::thread([this, cpu] { run(cpu); });
}

void PlainConsumer::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  taker_.reset();
}

void PlainConsumer::run(int cpu) {
  ConsumerStats stats;
  const auto publish = [&] {
    taker_->look(stats);
    stats.cpu_seconds = thread_cpu_seconds();
    std::lock_guard lock(mutex_);
    published_ = stats;
  };
  try {
    run_on_cpu(cpu);
    uint64_t published_ns = 0;
    while (!stopping_.load(std::memory_order_relaxed)) {
      taker_->take(kTimeoutMs, stats);
      const uint64_t now = coarse_ns();
      if (now - published_ns < kBetweenPublicationsNs) continue;
      published_ns = now;
      publish();
    }
    while (taker_->take(kDrainMs, stats)) {
    }
  } catch (const std::exception& e) {
    stats.error = e.what();
  }
  publish();
}

ConsumerStats PlainConsumer::stats() {
  std::lock_guard lock(mutex_);
  return published_;
}

}  // namespace rtpsonde::bench
