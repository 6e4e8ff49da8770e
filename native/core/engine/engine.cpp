#include "core/engine/engine.h"

#include <algorithm>

#include "core/base/error.h"

namespace rtpsonde {

namespace {

EngineOptions options_of(EngineOptions options, bool live, size_t index, size_t count) {
  options.span_copies.by_shard = !live;
  options.shed = options.shed && live;  // a file waits
  if (!live) options.share = {static_cast<uint32_t>(index), static_cast<uint32_t>(count)};
  return options;
}

void check(const std::vector<std::unique_ptr<PacketSource>>& sources) {
  if (sources.empty()) throw Error("ERR_ENGINE_OPTIONS", "workers must be 1 or more");
  if (!sources.front()->live() && sources.size() > kShards) {
    throw Error("ERR_ENGINE_OPTIONS",
                "at most " + std::to_string(kShards) + " workers can share the packets of a file");
  }
}

bool checked_live(const std::vector<std::unique_ptr<PacketSource>>& sources) {
  check(sources);
  return sources.front()->live();
}

}  // namespace

Engine::Engine(const EngineOptions& options, std::vector<std::unique_ptr<PacketSource>> sources,
               std::vector<int> cpus)
    : cpus_(std::move(cpus)),
      live_(checked_live(sources)),
      inbox_(sources.size(), options.queue_blocks, live_),
      queue_(options.queue_blocks),
      merger_(sources.size(), options.max_streams) {
  for (size_t i = 0; i < sources.size(); i++) {
    workers_.push_back(std::make_unique<Worker>(options_of(options, live_, i, sources.size()),
                                                std::move(sources[i]), i, inbox_, stopping_));
  }
}

void Engine::start() {
  if (started_ || stopping_) throw Error("ERR_ENGINE_FAULT", "the engine was started before");
  for (const auto& worker : workers_) worker->open();
  started_ = true;
  thread_ = std::thread([this] { merge(); });
  for (size_t i = 0; i < workers_.size(); i++) {
    workers_[i]->start(cpus_.empty() ? Worker::kAnyCpu : cpus_[i % cpus_.size()]);
  }
}

void Engine::stop() {
  stopping_ = true;
  inbox_.close();
  queue_.close();
  for (const auto& worker : workers_) worker->join();
  if (thread_.joinable()) thread_.join();
}

void Engine::merge() {
  std::vector<WorkerPart> parts;
  std::string error;
  try {
    while (inbox_.next(parts)) {
      if (std::optional<Block> block = merger_.take(parts)) {
        const BlockQueue::Dropped dropped = queue_.push(std::move(*block), !live_);
        merger_.counters().add(Counter::kBlocksDropped, dropped.blocks);
        merger_.counters().add(Counter::kRecordsDropped, dropped.records);
      }
      const std::lock_guard lock(published_mutex_);
      published_ = merger_.counters();
      merger_cpu_seconds_ = thread_cpu_seconds();
    }
  } catch (const std::exception& e) {
    error = e.what();
    stopping_ = true;
    inbox_.close();
  }
  const std::lock_guard lock(published_mutex_);
  merger_error_ = error;
  ended_ = true;
}

EngineStats Engine::stats() {
  EngineStats all;
  {
    // First: what has ended has nothing more to tell of its workers.
    const std::lock_guard lock(published_mutex_);
    all.counters = published_;
    all.cpu_seconds = merger_cpu_seconds_;
    all.error = merger_error_;
    all.ended = ended_;
  }
  all.queue_depth = queue_.depth();
  for (const auto& worker : workers_) {
    WorkerStats one = worker->stats();
    all.counters.merge(one.counters);
    for (const std::string& problem : one.problems) {
      if (std::ranges::find(all.problems, problem) == all.problems.end()) all.problems.push_back(problem);
    }
    const bool first = all.workers.empty();
    if (first) all.state = one.source.state;
    all.interfaces.resize(std::max(all.interfaces.size(), one.interfaces.size()));
    for (size_t i = 0; i < one.interfaces.size(); i++) all.interfaces[i].merge(one.interfaces[i]);
    if (first) all.method = one.source.method;
    all.bytes_read = first ? one.source.bytes_read : std::min(all.bytes_read, one.source.bytes_read);
    all.bytes_total = std::max(all.bytes_total, one.source.bytes_total);
    all.table_bytes += one.table_bytes;
    all.cpu_seconds += one.cpu_seconds;
    if (all.error.empty()) all.error = one.error;
    all.workers.push_back(std::move(one));
  }
  return all;
}

}  // namespace rtpsonde
