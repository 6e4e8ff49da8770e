// The source that tests and benchmarks feed by hand.
#include <doctest/doctest.h>

#include "core/capture/memory_source.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::Bytes;
using rtpsonde::LinkType;
using rtpsonde::MemorySource;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;

TEST_CASE("memory: packets come out as they went in, and again after rewind") {
  const uint8_t bytes[] = {1, 2, 3};
  MemorySource source;
  source.add(1, {bytes, 3});
  source.add(-1, {bytes + 1, 1}, 99, LinkType::kRawIp);
  source.add(2'000'000'000, {});
  source.open();
  const std::string expected =
      "0.000000001 link1 3/3 010203\n0.-00000001 link101 1/99 02\n2.000000000 link1 0/0 \n";
  CHECK(packets_of(source) == expected);
  PacketBatch batch;
  CHECK(source.read(batch, 0) == ReadStatus::kEnd);
  CHECK(source.stats().bytes_read == 4);
  source.rewind();
  CHECK(packets_of(source) == expected);
}

TEST_CASE("memory: more packets than one batch holds come in several") {
  MemorySource source;
  for (uint8_t i = 0; i < 130; i++) source.add(i, {&i, 1}, 0, LinkType::kEthernet, i);
  PacketBatch batch;
  std::string sizes;
  uint32_t wrong = 0;
  uint32_t seen = 0;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    sizes += std::to_string(batch.count) + " ";
    for (size_t i = 0; i < batch.count; i++, seen++) {
      const rtpsonde::PacketView& packet = batch.packets[i];
      if (packet.ts_ns != seen || packet.bytes.u8(0) != seen || packet.stripped_vlan != seen) wrong++;
    }
  }
  CHECK(sizes == "64 64 2 ");
  CHECK(wrong == 0);
}
