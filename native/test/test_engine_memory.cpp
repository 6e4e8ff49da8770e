// No memory for a block: what was lost is counted, and the next block says so.
#include <sys/resource.h>

#include <cstdio>

#include "test_engine_support.h"

using namespace engine_test;

namespace {

// A sanitizer brings its own allocator, which would give up the whole program.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool kSanitized = false;
#endif

// Bytes of address space in use.
size_t address_space() {
  size_t pages = 0;
  FILE* const file = std::fopen("/proc/self/statm", "r");
  if (file != nullptr) {
    if (std::fscanf(file, "%zu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * 4096;
}

// While it lives, hardly more address space can be had than is in use.
class NoMemory {
 public:
  explicit NoMemory(size_t spare) {
    getrlimit(RLIMIT_AS, &before_);
    rlimit limit = before_;
    limit.rlim_cur = address_space() + spare;
    works_ = address_space() > 0 && setrlimit(RLIMIT_AS, &limit) == 0;
  }
  ~NoMemory() { setrlimit(RLIMIT_AS, &before_); }
  bool works() const { return works_; }

 private:
  rlimit before_{};
  bool works_ = false;
};

}  // namespace

TEST_CASE("A block that found no memory is counted with its records, and leaves a gap") {
  if (kSanitized) {
    MESSAGE("skipped: not with the allocator of a sanitizer");
    return;
  }
  constexpr uint32_t kStreams = 200'000;  // a block of 118 MB, more than other tests leave free
  EngineOptions o = options();
  o.max_streams = kStreams;
  std::vector<Sealed> blocks;
  Meter meter(o, [&](Part part) {
    if (!part.block.empty()) blocks.emplace_back(part.block);
  });
  MemorySource source;
  for (uint16_t n = 0; n < 2; n++) {
    for (uint32_t ssrc = 0; ssrc < kStreams; ssrc++) {
      const Octets frame = udp_frame({}, rtp({n, n * 160U, ssrc}));
      source.add(n, {frame.data(), frame.size()});
    }
  }
  static PacketBatch batch;
  while (source.read(batch, 0) == ReadStatus::kPackets) meter.process(batch);
  meter.advance(0);
  {
    const NoMemory no_memory(4 << 20);
    if (!no_memory.works()) {
      MESSAGE("skipped: no limit to be set");
      return;
    }
    meter.advance(10 * kSecond);
  }
  CHECK(blocks.empty());
  CHECK(meter.counters().get(Counter::kBlocksDropped) == 1);
  CHECK(meter.counters().get(Counter::kRecordsDropped) == kStreams);
  meter.advance(20 * kSecond);
  meter.advance(30 * kSecond);
  CHECK(text(blocks) == "10..20 s, flags 2\n20..30 s\n");
  CHECK(blocks[0].header.sequence == 1);
  meter.finish(EndReason::kEndOfCapture);
  CHECK(blocks[2].records.size() == kStreams);
  CHECK(balanced(meter.counters()));
}
