#include "core/engine/worker.h"

#include <ctime>

#include "core/base/error.h"

namespace rtpsonde {

namespace {

constexpr int kReadTimeout_ms = 100;
constexpr size_t kBatchesPerPublication = 1024;

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

void note_kernel(Counters& counters, const SourceStats& source) {
  counters.set(Counter::kKernelPackets, source.kernel_packets);
  counters.set(Counter::kKernelDrops, source.kernel_drops);
  counters.set(Counter::kKernelFreezes, source.kernel_freezes);
  counters.set(Counter::kSoftnetDrops, source.before.softnet_drops);
  counters.set(Counter::kSoftnetSqueezes, source.before.softnet_squeezes);
  counters.set(Counter::kNicMissed, source.before.nic_missed);
  counters.set(Counter::kNicDropped, source.before.nic_dropped);
  counters.set(Counter::kNicErrors, source.before.nic_errors);
  counters.set(Counter::kHostClockSteps, source.clock_steps);
  counters.set(Counter::kHardwareTimes, source.hardware_times);
  counters.set(Counter::kKernelTimes, source.kernel_times);
  counters.set(Counter::kTimeSwitches, source.time_switches);
  counters.set(Counter::kCaptureOutages, source.outages);
  counters.set(Counter::kCaptureOutageMs, source.outage_ms);
}

}  // namespace

Worker::Worker(const EngineOptions& options, std::unique_ptr<PacketSource> source)
    : source_(std::move(source)),
      queue_(options.queue_blocks),
      meter_(
          options,
          [this](Block block) {
            const BlockQueue::Dropped dropped = queue_.push(std::move(block), !source_->live());
            meter_.counters().add(Counter::kBlocksDropped, dropped.blocks);
            meter_.counters().add(Counter::kRecordsDropped, dropped.records);
          },
          [this](Counters& counters) { note_kernel(counters, source_->stats()); }) {}

void Worker::start() {
  if (thread_.joinable() || stopping_) throw Error("ERR_ENGINE_FAULT", "the engine was started before");
  source_->open();
  thread_ = std::thread([this] { run(); });
}

void Worker::stop() {
  stopping_ = true;
  queue_.close();
  if (thread_.joinable()) thread_.join();
}

void Worker::run() {
  std::string error;
  try {
    loop();
  } catch (const std::exception& e) {
    error = e.what();
  }
  publish();
  std::lock_guard lock(published_mutex_);
  published_.ended = true;
  published_.error = error;
}

void Worker::loop() {
  const auto batch = std::make_unique<PacketBatch>();
  size_t since_publication = 0;
  int64_t published_second = 0;
  while (!stopping_.load(std::memory_order_relaxed)) {
    const ReadStatus status = source_->read(*batch, kReadTimeout_ms);
    if (status == ReadStatus::kPackets) {
      meter_.process(*batch);
      // On a slow link these batches take long: then once a second of packet time.
      const int64_t second = batch->packets[0].ts_ns / 1'000'000'000;
      if (++since_publication < kBatchesPerPublication && second == published_second) continue;
      published_second = second;
    } else if (status == ReadStatus::kEnd) {
      meter_.finish(EndReason::kEndOfCapture);
      return;
    } else if (const int64_t now_ns = source_->idle_now_ns(); now_ns >= 0) {
      meter_.advance(now_ns);
    }
    since_publication = 0;
    publish();
  }
  if (source_->live()) drain(*batch);
  meter_.finish(EndReason::kStopped);
}

// What the kernel took in before the stop still lies in the ring, its last block
// perhaps not yet retired. On a busy link that would never end, hence the bound.
void Worker::drain(PacketBatch& batch) {
  constexpr int kRetire_ms = 30;
  constexpr size_t kBatchesAtMost = 10'000;
  for (size_t i = 0; i < kBatchesAtMost && source_->read(batch, kRetire_ms) == ReadStatus::kPackets; i++) {
    meter_.process(batch);
  }
}

void Worker::publish() {
  const SourceStats source = source_->stats();
  Counters& counters = meter_.counters();
  note_kernel(counters, source);
  std::vector<std::string> problems = source_->problems();
  std::lock_guard lock(published_mutex_);
  published_.counters = counters;
  published_.source = source;
  published_.problems = std::move(problems);
  published_.table_bytes = meter_.table().bytes_used();
  published_.cpu_seconds = thread_cpu_seconds();
}

WorkerStats Worker::stats() {
  WorkerStats copy;
  {
    std::lock_guard lock(published_mutex_);
    copy = published_;
  }
  copy.queue_depth = queue_.depth();
  return copy;
}

}  // namespace rtpsonde
