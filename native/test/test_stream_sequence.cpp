// Sequence accounting, case by case. Timestamps and arrivals go on evenly with the
// packets unless a test says otherwise, whatever the sequence numbers do.
#include "test_stream_support.h"

using namespace stream_test;

namespace {

std::string count(const std::vector<uint16_t>& seqs) {
  StreamRig rig;
  double n = 0;
  for (const uint16_t seq : seqs) {
    rig.add({seq, static_cast<uint32_t>(n) * 160, n * 20});
    n++;
  }
  return counts(rig.finish());
}

// Sequence number and timestamp of one sender that never stops; arrivals are given.
Packet sent(uint32_t n, double arrival_ms) { return {static_cast<uint16_t>(n), n * 160, arrival_ms}; }

}  // namespace

// The section `sequence` of the reference vectors. RFC 3550 A.1 leaves the packets
// of the probation out; a passive probe starts at the first packet it sees.
TEST_CASE("The vectors of RFC 3550 A.1 are counted from the first packet on") {
  CHECK(count({100, 101, 102, 103, 104, 105, 106, 107, 108, 109}) == "packets 10, expected 10");
  CHECK(count({65533, 65534, 65535, 0, 1, 2}) == "packets 6, expected 6");
  CHECK(count({10, 11, 12, 15, 16}) == "packets 5, expected 7, lost 2, runs 1 of 2 packets, longest 2");
  CHECK(count({10, 11, 13, 12, 14}) == "packets 5, expected 5, reordered 1, extent 1");
  CHECK(count({10, 11, 12, 12, 13}) == "packets 5, expected 4, duplicates 1");
  CHECK(count({10, 11, 12, 30000, 30001, 30002}) == "packets 6, expected 6, restarts 1");
  CHECK(count({10, 11, 12, 30000, 13, 14}) == "packets 6, expected 5, errors 1");
  CHECK(count({500, 501, 502, 400, 503}) == "packets 5, expected 4, errors 1");
  CHECK(count({500, 501, 502, 403, 503}) ==
        "packets 5, expected 101, lost 96, reordered 1, extent 99, runs 1 of 96 packets, longest 96");
  CHECK(count({5, 9, 10, 11}) == "packets 4, expected 7, lost 3, runs 1 of 3 packets, longest 3");
}

TEST_CASE("A jump of 2999 is loss, one of 3000 needs a second packet to be believed") {
  CHECK(count({10, 11, 3010, 3011}) ==
        "packets 4, expected 3002, lost 2998, runs 1 of 2998 packets, longest 2998");
  CHECK(count({10, 11, 3011, 12}) == "packets 4, expected 3, errors 1");
  CHECK(count({10, 11, 3011, 3012}) == "packets 4, expected 4, restarts 1");
}

TEST_CASE("A packet 99 behind is reordered, one 100 behind needs a second packet") {
  CHECK(count({1000, 901}) ==
        "packets 2, expected 100, lost 98, reordered 1, extent 99, "
        "runs 1 of 98 packets, longest 98");
  CHECK(count({1000, 900, 1001}) == "packets 3, expected 2, errors 1");
  CHECK(count({1000, 899, 900}) == "packets 3, expected 3, restarts 1");
}

TEST_CASE("A packet before the first one extends the range downwards") {
  CHECK(count({500, 499, 498, 501}) == "packets 4, expected 4, reordered 2, extent 2");
  CHECK(count({500, 497, 501}) ==
        "packets 3, expected 5, lost 2, reordered 1, extent 3, runs 1 of 2 packets, longest 2");
  CHECK(count({0, 65535, 1}) == "packets 3, expected 3, reordered 1, extent 1");
}

TEST_CASE("A number that was seen is a duplicate, wherever it comes") {
  CHECK(count({7, 7, 7, 8}) == "packets 4, expected 2, duplicates 2");
  CHECK(count({7, 8, 9, 10, 7, 9}) == "packets 6, expected 4, duplicates 2");
  CHECK(count({65534, 65535, 0, 1, 65534}) == "packets 5, expected 4, duplicates 1");
  CHECK(count({10, 12, 11, 11, 12}) == "packets 5, expected 3, duplicates 2, reordered 1, extent 1");
}

TEST_CASE("Only the packet right after a jump confirms it") {
  CHECK(count({10, 11, 30000, 12, 30001, 13}) == "packets 6, expected 4, errors 2");
  CHECK(count({10, 11, 30000, 11, 30001, 12}) == "packets 6, expected 3, duplicates 1, errors 2");
  CHECK(count({10, 11, 30000, 13, 30001, 14}) ==
        "packets 6, expected 5, lost 1, errors 2, runs 1 of 1 packets, longest 1");
  CHECK(count({10, 11, 30000, 9, 30001, 12}) == "packets 6, expected 4, reordered 1, extent 2, errors 2");
}

TEST_CASE("A jump that was seen twice is confirmed by the number after it") {
  CHECK(count({10, 30000, 30000, 30001}) == "packets 4, expected 3, restarts 1, errors 1");
}

TEST_CASE("Every restart begins a segment of its own") {
  CHECK(count({100, 101, 103, 40000, 40001, 40003, 5, 6}) ==
        "packets 8, expected 10, lost 2, restarts 2, runs 2 of 2 packets, longest 1");
}

TEST_CASE("Loss runs are told apart by what was received, however long they are") {
  CHECK(count({0, 1000, 1001, 1003}) ==
        "packets 4, expected 1004, lost 1000, runs 2 of 1000 packets, longest 999");
  CHECK(count({0, 2, 4, 7}) == "packets 4, expected 8, lost 4, runs 3 of 4 packets, longest 2");
  CHECK(count({0, 100, 200, 300, 400}) ==
        "packets 5, expected 401, lost 396, runs 4 of 396 packets, longest 99");
}

TEST_CASE("A gap that reordering closes is no loss run") {
  CHECK(count({0, 4, 3, 2, 1, 5}) == "packets 6, expected 6, reordered 3, extent 3");
}

TEST_CASE("An outage whose timestamp and arrival jump alike is loss, not a restart") {
  StreamRig rig;
  for (uint32_t n = 0; n < 20; n++) rig.add(sent(n, n * 20));
  CHECK(rig.add(sent(5020, 5020 * 20)) == "forward");
  CHECK(counts(rig.finish()) == "packets 21, expected 5021, lost 5000, runs 1 of 5000 packets, longest 5000");
}

TEST_CASE("A jump whose arrival did not wait for it is no outage") {
  StreamRig rig;
  for (uint32_t n = 0; n < 20; n++) rig.add(sent(n, n * 20));
  CHECK(rig.add(sent(5020, 400)) == "stray");
  CHECK(counts(rig.finish()) == "packets 21, expected 20, errors 1");
}

TEST_CASE("A packet 100 to 127 behind is placed exactly when its timestamp agrees") {
  StreamRig rig;
  for (uint32_t n = 0; n < 300; n++) {
    if (n != 180) rig.add(sent(n, n * 20));
  }
  CHECK(rig.add(sent(180, 6000)) == "reordered");
  CHECK(rig.add(sent(180, 6001)) == "duplicate");
  CHECK(counts(rig.finish()) == "packets 301, expected 300, duplicates 1, reordered 1, extent 119");
}

TEST_CASE("A packet behind the window takes its loss back, as long as one is missing") {
  StreamRig rig;
  for (uint32_t n = 0; n < 400; n++) {
    if (n != 100) rig.add(sent(n, n * 20));
  }
  CHECK(rig.add(sent(100, 8000)) == "late");
  CHECK(rig.add(sent(100, 8001)) == "duplicate");  // nothing is missing that it could be
  CHECK(counts(rig.finish()) ==
        "packets 401, expected 400, duplicates 1, late 1, runs 1 of 1 packets, longest 1");
}

TEST_CASE("Late packets take back no more than what is missing") {
  StreamRig rig;
  for (uint32_t n = 0; n < 400; n++) {
    if (n != 100 && n != 150) rig.add(sent(n, n * 20));
  }
  for (const uint32_t n : {100U, 90U, 80U}) rig.add(sent(n, 8000));
  CHECK(counts(rig.finish()) ==
        "packets 401, expected 400, duplicates 1, late 2, runs 2 of 2 packets, longest 1");
}

TEST_CASE("Late packets in a row are late, and no restart") {
  StreamRig rig;
  for (uint32_t n = 0; n < 400; n++) {
    if (n < 100 || n > 104) rig.add(sent(n, n * 20));
  }
  for (const uint32_t n : {100U, 101U, 102U, 103U, 104U, 103U, 400U, 401U}) rig.add(sent(n, 8000 + n));
  CHECK(counts(rig.finish()) ==
        "packets 403, expected 402, duplicates 1, late 5, runs 1 of 5 packets, longest 5");
}

TEST_CASE("A packet far behind with a timestamp of its own is no late one") {
  StreamRig rig;
  for (uint32_t n = 0; n < 400; n++) rig.add(sent(n, n * 20));
  CHECK(rig.add({100, 400 * 160, 8000}) == "stray");
  CHECK(counts(rig.finish()) == "packets 401, expected 400, errors 1");
}

TEST_CASE("Many cycles of sequence numbers add up") {
  StreamRig rig;
  for (uint32_t n = 65000; n < 265000; n++) {
    if (n % 1000 != 999) rig.add(sent(n, n * 20.0));
  }
  CHECK(counts(rig.finish()) ==
        "packets 199800, expected 199999, lost 199, runs 199 of 199 packets, longest 1");
}

// 1.6 million jumps of 2999 go around the 32 bits of the extended numbers.
TEST_CASE("A stream without end is counted in 64 bits") {
  StreamRig rig;
  uint64_t n = 0;
  for (uint32_t i = 0; i < 1'600'000; i++, n += 2999) {
    rig.add({static_cast<uint16_t>(n), i, i * 20.0});
    if (i % 100'000 == 0) rig.close_window();
  }
  const StreamRecord r = rig.finish();
  CHECK(number(r.packets) == "1600000");
  CHECK(number(r.expected) == number(static_cast<double>(n - 2999 + 1)));
  CHECK(number(r.lost) == number(static_cast<double>(n - 2999 + 1 - 1'600'000)));
}

TEST_CASE("A packet may still be late after the numbers were rebased") {
  StreamRig rig;
  uint32_t n = 0;
  for (uint32_t i = 0; i < 400'000; i++, n += 2999) rig.add(sent(n, i * 20.0));
  const uint32_t highest = n - 2999;
  for (uint32_t i = 1; i < 300; i++) rig.add(sent(highest + i, 8e6 + i * 20.0));
  const uint32_t before = rig.hot().base_seq;
  rig.close_window();
  CHECK(rig.hot().base_seq != before);
  CHECK(rig.add(sent(highest - 1, 8e6 + 6000)) == "late");
  CHECK(counts(rig.close_window()) == "packets 1, expected 0, recovered 1, late 1");
}
