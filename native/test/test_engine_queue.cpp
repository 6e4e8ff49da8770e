// The queue between a worker and its taker: full, empty, closed.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "core/engine/block_queue.h"

using namespace rtpsonde;

namespace {

// A block that can be recognised, with as many records as its number.
Block block(uint32_t number) {
  Block made(number);
  for (uint32_t i = 0; i < number; i++) made.append(StreamRecord{});
  BlockHeader header{};
  header.sequence = number;
  made.write_header(header, Counters());
  return made;
}

// All blocks in the queue: "2 gap, 3".
std::string drain(BlockQueue& queue) {
  std::string all;
  while (const std::optional<Block> taken = queue.take()) {
    BlockHeader header;
    std::memcpy(&header, taken->data(), sizeof header);
    if (!all.empty()) all += ", ";
    all +=
        std::to_string(static_cast<int>(header.sequence)) + ((header.flags & kGapBefore) != 0 ? " gap" : "");
  }
  return all;
}

}  // namespace

TEST_CASE("Blocks come out in the order they went in") {
  BlockQueue queue(3);
  for (const uint32_t n : {1U, 2U, 3U}) CHECK(queue.push(block(n), false).blocks == 0);
  CHECK(queue.depth() == 3);
  CHECK(drain(queue) == "1, 2, 3");
  CHECK(!queue.take());
}

TEST_CASE("A full queue drops the oldest, counts it with its records, and marks the gap") {
  BlockQueue queue(2);
  for (const uint32_t n : {1U, 2U}) queue.push(block(n), false);
  const BlockQueue::Dropped dropped = queue.push(block(3), false);
  CHECK(dropped.blocks == 1);
  CHECK(dropped.records == 1);
  CHECK(queue.push(block(4), false).records == 2);
  CHECK(drain(queue) == "3 gap, 4");
}

TEST_CASE("A queue of one marks the gap on the block that takes the place") {
  for (const size_t capacity : {size_t{1}, size_t{0}}) {  // 0 counts as 1
    BlockQueue queue(capacity);
    for (const uint32_t n : {1U, 2U, 3U}) queue.push(block(n), false);
    CHECK(drain(queue) == "3 gap");
  }
}

TEST_CASE("A gap is marked once") {
  BlockQueue queue(2);
  for (const uint32_t n : {1U, 2U, 3U}) queue.push(block(n), false);
  CHECK(drain(queue) == "2 gap, 3");
  queue.push(block(4), false);
  CHECK(drain(queue) == "4");
}

TEST_CASE("One who waits is let in when a block is taken, and nothing is dropped") {
  BlockQueue queue(1);
  queue.push(block(1), true);
  std::atomic<int> pushed{0};
  std::thread producer([&] {
    for (const uint32_t n : {2U, 3U, 4U}) {
      CHECK(queue.push(block(n), true).blocks == 0);
      pushed++;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(pushed == 0);
  std::string all;
  for (int i = 0; i < 4; i++) {
    std::optional<Block> taken;
    while (!(taken = queue.take())) std::this_thread::yield();
    CHECK(queue.depth() <= 1);
    all += std::to_string(taken->rows()) + " ";
  }
  producer.join();
  CHECK(all == "1 2 3 4 ");
}

TEST_CASE("Closing lets the one who waits go on, and holds nobody back from then") {
  BlockQueue queue(1);
  queue.push(block(1), true);
  std::thread producer([&] {
    queue.push(block(2), true);
    queue.push(block(3), true);
    queue.push(block(4), false);
  });
  while (queue.depth() < 1) std::this_thread::yield();
  queue.close();
  producer.join();
  CHECK(drain(queue) == "1, 2, 3, 4");
}
