#include "core/engine/worker.h"

#include <pthread.h>
#include <sched.h>

#include <ctime>
#include <system_error>

namespace rtpsonde {

namespace {

constexpr int kReadTimeout_ms = 100;
constexpr size_t kBatchesPerPublication = 1024;

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
  counters.set(Counter::kReaderTimes, source.reader_times);
  counters.set(Counter::kTimeSwitches, source.time_switches);
  counters.set(Counter::kCaptureOutages, source.outages);
  counters.set(Counter::kCaptureOutageMs, source.outage_ms);
}

}  // namespace

double thread_cpu_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

Worker::Worker(const EngineOptions& options, std::unique_ptr<PacketSource> source, size_t index,
               PartInbox& inbox, std::atomic<bool>& stopping)
    : index_(index),
      inbox_(inbox),
      stopping_(stopping),
      source_(std::move(source)),
      meter_(
          options, [this](Part part) { inbox_.push(index_, std::move(part), meter_.counters()); },
          [this](Counters& counters) { note_kernel(counters, source_->stats()); }),
      overload_(options.shed) {}

void Worker::start(int cpu) {
  thread_ = std::thread([this] { run(); });
  if (cpu != kAnyCpu) pin(cpu);
}

void Worker::pin(int cpu) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<size_t>(cpu), &one);
  const int error = pthread_setaffinity_np(thread_.native_handle(), sizeof one, &one);
  if (error == 0) return;
  const std::lock_guard lock(published_mutex_);
  pin_problem_ = "worker " + std::to_string(index_) + " cannot run on CPU " + std::to_string(cpu) + ": " +
                 std::generic_category().message(error) + "; it runs on any";
}

void Worker::join() {
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
  if (!error.empty()) {
    const std::lock_guard lock(published_mutex_);
    published_.error = error;
    stopping_ = true;
  }
  inbox_.finish(index_);
}

void Worker::loop() {
  const auto batch = std::make_unique<PacketBatch>();
  size_t since_publication = 0;
  int64_t published_second = 0;
  while (!stopping_.load(std::memory_order_relaxed)) {
    const ReadStatus status = source_->read(*batch, kReadTimeout_ms);
    overload_.look(*source_, meter_);
    if (status == ReadStatus::kPackets) {
      meter_.process(*batch);
      inbox_.reached(index_, meter_.told_until_ns());
      // On a slow link these batches take long: then once a second of packet time.
      const int64_t second = batch->packets[0].ts_ns / 1'000'000'000;
      if (++since_publication < kBatchesPerPublication && second == published_second) continue;
      published_second = second;
    } else if (status == ReadStatus::kEnd) {
      meter_.finish(EndReason::kEndOfCapture);
      return;
    } else if (const int64_t now_ns = source_->idle_now_ns(); now_ns >= 0) {
      meter_.advance(now_ns);
      // Without a packet so far there is nothing to tell of the time before now.
      const int64_t told_ns = meter_.told_until_ns();
      inbox_.reached(index_, told_ns >= 0 ? told_ns : now_ns);
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
  std::vector<SourceStats> interfaces = source_->by_interface();
  std::vector<std::string> problems = source_->problems();
  std::lock_guard lock(published_mutex_);
  published_.counters = counters;
  published_.source = source;
  published_.interfaces = std::move(interfaces);
  published_.problems = std::move(problems);
  published_.table_bytes = meter_.table().bytes_used();
  published_.cpu_seconds = thread_cpu_seconds();
}

WorkerStats Worker::stats() {
  const std::lock_guard lock(published_mutex_);
  WorkerStats copy = published_;
  if (!pin_problem_.empty()) copy.problems.push_back(pin_problem_);
  return copy;
}

}  // namespace rtpsonde
