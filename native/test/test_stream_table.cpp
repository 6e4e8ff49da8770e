// The stream table: every key is found while it is there, rows are used again, and
// who has to go when there is no room.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "core/base/error.h"
#include "core/stream/table.h"

using namespace rtpsonde;

namespace {

const Address kNobody{};

StreamKey key_of(uint64_t n) { return {n, ~n}; }

std::string refusal(uint32_t max_streams) {
  try {
    const StreamTable table(max_streams);
  } catch (const Error& e) {
    return e.code() + ": " + e.what();
  }
  return "accepted";
}

// Inserts, erases and looks up at random, and holds every answer against a map.
// `hash` decides how badly keys collide.
void churn(uint32_t max_streams, uint64_t (*hash)(uint64_t), int rounds) {
  StreamTable table(max_streams);
  std::map<uint64_t, uint32_t> model;
  std::mt19937_64 random(max_streams);
  for (int i = 0; i < rounds; i++) {
    const uint64_t n = random() % (2 * max_streams);
    const auto known = model.find(n);
    const uint32_t row = table.find(key_of(n), hash(n));
    REQUIRE(row == (known == model.end() ? StreamTable::kNone : known->second));
    // Fills up and empties in turns.
    const bool filling = i / (4 * static_cast<int>(max_streams)) % 2 == 0;
    if (known != model.end() && random() % 4 < (filling ? 1 : 3)) {
      table.erase(row, hash(n));
      model.erase(known);
    } else if (known == model.end() && random() % 4 < (filling ? 3 : 1)) {
      const uint32_t made = table.insert(key_of(n), hash(n), kNobody, kNobody, 4);
      REQUIRE((made == StreamTable::kNone) == (model.size() == max_streams));
      if (made == StreamTable::kNone) continue;
      for (const auto& [other, taken] : model) REQUIRE(taken != made);
      table.hot(made).status = StreamStatus::kAccepted;
      model[n] = made;
    }
    REQUIRE(table.size() == model.size());
  }
  for (const auto& [n, row] : model) {
    REQUIRE(table.find(key_of(n), hash(n)) == row);
    table.erase(row, hash(n));
  }
  REQUIRE(table.size() == 0);
  REQUIRE(table.high_water() <= max_streams);
}

uint64_t spread(uint64_t n) { return n * 0x9e3779b97f4a7c15; }
uint64_t one_bucket(uint64_t) { return 5; }
uint64_t two_buckets(uint64_t n) { return n % 2; }
// One bucket, but tags that tell the keys apart.
uint64_t one_bucket_many_tags(uint64_t n) { return n << 57; }

// A row as the meter would leave it.
uint32_t put(StreamTable& table, uint64_t n, StreamStatus status, int64_t last_arrival_ns) {
  const uint32_t row = table.insert(key_of(n), spread(n), kNobody, kNobody, 4);
  table.hot(row).status = status;
  table.hot(row).last_arrival_ns = last_arrival_ns;
  return row;
}

}  // namespace

TEST_CASE("The table answers as a map does, however keys collide") {
  for (const uint32_t max_streams : {1U, 2U, 12U, 13U, 16U, 23U, 24U, 64U, 100U}) {
    churn(max_streams, spread, 4'000);
    churn(max_streams, one_bucket, 4'000);
    churn(max_streams, two_buckets, 4'000);
    churn(max_streams, one_bucket_many_tags, 4'000);
  }
  churn(1000, spread, 40'000);
  churn(600, one_bucket, 10'000);  // more than the 255 that a bucket can count
}

// Two buckets of 12: each overflows into the other at some time, so that none says
// that the search may end.
TEST_CASE("A search ends although every bucket has overflowed") {
  StreamTable table(16);
  std::map<uint64_t, uint32_t> rows;
  const auto insert = [&](uint64_t n, uint64_t bucket) {
    rows[n] = table.insert(key_of(n), bucket, kNobody, kNobody, 4);
  };
  for (uint64_t n = 0; n < 13; n++) insert(n, 0);             // the last one goes to bucket 1
  for (uint64_t n = 0; n < 12; n++) table.erase(rows[n], 0);  // bucket 0 is empty
  for (uint64_t n = 100; n < 112; n++) insert(n, 1);          // the last one goes to bucket 0
  CHECK(table.size() == 13);
  CHECK(table.find(key_of(999), 0) == StreamTable::kNone);
  CHECK(table.find(key_of(999), 1) == StreamTable::kNone);
  CHECK(table.find(key_of(12), 0) == rows[12]);
  CHECK(table.find(key_of(111), 1) == rows[111]);
}

TEST_CASE("Twenty keys of one bucket are found, and the others after one has gone") {
  StreamTable table(64);
  for (uint64_t n = 0; n < 20; n++) table.insert(key_of(n), 7, kNobody, kNobody, 4);
  table.erase(3, 7);
  std::string found;
  for (uint64_t n = 0; n < 21; n++) found += table.find(key_of(n), 7) == n ? '+' : '-';
  CHECK(found == "+++-++++++++++++++++-");
}

TEST_CASE("A full table takes no more, and a freed row is used again") {
  StreamTable table(3);
  for (uint64_t n = 0; n < 3; n++) CHECK(table.insert(key_of(n), spread(n), kNobody, kNobody, 4) == n);
  CHECK(table.insert(key_of(9), spread(9), kNobody, kNobody, 4) == StreamTable::kNone);
  table.erase(1, spread(1));
  CHECK(table.insert(key_of(9), spread(9), kNobody, kNobody, 4) == 1);
  CHECK(table.size() == 3);
  CHECK(table.high_water() == 3);
}

TEST_CASE("Who waited longest in probation goes first, then who was idle longest") {
  StreamTable table(8);
  const uint32_t running = put(table, 0, StreamStatus::kAccepted, 1000);
  const uint32_t idle = put(table, 1, StreamStatus::kAccepted, 200);
  const uint32_t longer_idle = put(table, 2, StreamStatus::kAccepted, 100);
  const uint32_t fresh = put(table, 3, StreamStatus::kProbation, 990);
  const uint32_t waiting = put(table, 4, StreamStatus::kProbation, 300);
  std::vector<uint32_t> order;
  for (;;) {
    const uint32_t victim = table.pick_victim(500);
    if (victim == StreamTable::kNone) break;
    order.push_back(victim);
    table.erase(victim, spread(table.hot(victim).key.a));
  }
  CHECK(order == std::vector<uint32_t>{waiting, fresh, longer_idle, idle});
  CHECK(table.find(key_of(0), spread(0)) == running);
}

TEST_CASE("Eviction looks at 32 rows and moves on") {
  StreamTable table(100);
  for (uint64_t n = 0; n < 100; n++) put(table, n, StreamStatus::kAccepted, static_cast<int64_t>(200 - n));
  // Rows 1..32, 33..64, 65..96, then 97..99 and 0..28: the idlest is the last one looked at.
  const uint32_t victims[] = {table.pick_victim(500), table.pick_victim(500), table.pick_victim(500),
                              table.pick_victim(500)};
  CHECK(std::vector<uint32_t>(victims, victims + 4) == std::vector<uint32_t>{32, 64, 96, 99});
}

TEST_CASE("An empty table has nobody to evict") {
  StreamTable table(8);
  CHECK(table.pick_victim(INT64_MAX) == StreamTable::kNone);
}

TEST_CASE("Addresses come back as they were put in") {
  StreamTable table(4);
  const HashSeed seed{{1, 2, 3, 4}};
  const uint8_t a[] = {192, 0, 2, 1}, b[] = {198, 51, 100, 2};
  const Address src = map_ipv4(a), dst = map_ipv4(b);
  const Address src6{0x20, 1, 0xd, 0xb8, 9}, dst6{0xfe, 0x80, 1};
  const uint32_t row = table.insert(make_key(src, dst, 4, 1, 2, 3, seed), 0, src, dst, 4);
  const uint32_t row6 = table.insert(make_key(src6, dst6, 6, 1, 2, 3, seed), 0, src6, dst6, 6);
  CHECK(table.addresses(row).src == src);
  CHECK(table.addresses(row).dst == dst);
  CHECK(table.addresses(row6).src == src6);
  CHECK(table.addresses(row6).dst == dst6);
}

TEST_CASE("A stream takes less than 512 bytes, table included, before it needs any part") {
  for (const uint32_t streams : {1000U, 4096U, 100'000U}) {
    StreamTable table(streams);
    for (uint64_t n = 0; n < streams; n++) table.insert(key_of(n), spread(n), kNobody, kNobody, 4);
    CHECK(table.size() == streams);
    CHECK(table.bytes_used() / streams <= 512);
  }
}

TEST_CASE("A table of no streams or of too many is refused") {
  CHECK(refusal(0) == "ERR_ENGINE_OPTIONS: maxStreams must be 1 to 16777216, not 0");
  CHECK(refusal(16777217) == "ERR_ENGINE_OPTIONS: maxStreams must be 1 to 16777216, not 16777217");
  CHECK(refusal(16777216) == "accepted");
}

TEST_CASE("A guess is the row of the tag, and nothing where no tag is the same") {
  StreamTable table(1024);
  CHECK(table.guess(7) == StreamTable::kNone);
  const uint32_t row = table.insert(key_of(1), 7, kNobody, kNobody, 4);
  CHECK(table.guess(7) == row);
  CHECK(table.guess(7 | uint64_t{9} << 56) == StreamTable::kNone);
  table.erase(row, 7);
  CHECK(table.guess(7) == StreamTable::kNone);
}
