// On which side of the tap packets were lost: the vectors of rtp_vectors.json in the
// shared standards folder (loss_attribution), wraps, restarts, and random sessions
// against a model that only knows sets.
#include <random>
#include <set>

#include "core/stream/loss_sides.h"
#include "test_stream_support.h"

using namespace stream_test;

namespace {

std::string sides(const LossInterval& l) {
  std::string text = "expected " + std::to_string(l.expected) + ", upstream " + std::to_string(l.upstream()) +
                     ", downstream " + std::to_string(l.downstream());
  if (l.missed_by_capture() > 0) text += ", missed " + std::to_string(l.missed_by_capture());
  return text;
}

// A stream at the tap, with what the ledger keeps beside it.
class Tap {
 public:
  void see(uint16_t seq) {
    const uint32_t before = rig.hot().max_seq;
    // Timestamps as the numbers go, so that what comes late is known for that.
    rig.add({seq, seq * 160U, ms_ += 1});
    if (rig.hot().max_seq >> 6 != before >> 6) history.note(rig.hot());
  }
  void see(uint32_t from, uint32_t to) {
    for (uint32_t seq = from; seq <= to; seq++) see(static_cast<uint16_t>(seq));
  }
  void report(uint32_t highest, int32_t lost, uint32_t reporter = 0xb0b) {
    loss.report({reporter, highest, lost}, rig.hot(), rig.cold(), history);
  }

  StreamRig rig;
  SeenHistory history;
  LossSides loss;

 private:
  double ms_ = 0;
};

}  // namespace

TEST_CASE("Loss between two reports is attributed as in the vectors") {
  struct Vector {
    const char* name;
    uint32_t h1, h2;
    int32_t cum1, cum2;
    uint32_t missing_at_tap;  // of (h1, h2]
    std::string verdict;
  };
  const Vector vectors[] = {
      {"all upstream", 1000, 1100, 5, 8, 3, "expected 100, upstream 3, downstream 0"},
      {"all downstream", 1000, 1100, 5, 8, 0, "expected 100, upstream 0, downstream 3"},
      {"split 2/4", 65500, 65700, 0, 6, 2, "expected 200, upstream 2, downstream 4"},
      {"span drop", 1000, 1100, 5, 5, 4, "expected 100, upstream 4, downstream -4, missed 4"},
      // That B counted copies and that the capture missed packets look the same when
      // the tap saw no copy.
      {"duplicates at B", 1000, 1100, 5, 3, 0, "expected 100, upstream 0, downstream -2, missed 2"},
  };
  for (const Vector& v : vectors) {
    INFO(v.name);
    Tap tap;
    tap.see(v.h1 - 50, v.h1);
    tap.report(v.h1, v.cum1);
    tap.see(v.h1 + 1, v.h1 + 40);
    tap.see(v.h1 + 41 + v.missing_at_tap, v.h2);
    tap.report(v.h2, v.cum2);
    CHECK(sides(tap.loss.whole()) == v.verdict);
    CHECK(tap.loss.intervals() == 1);
  }
}

TEST_CASE("Copies that the tap saw explain what the receiver has too many") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(51, 100);
  tap.see(99, 100);
  tap.see(101, 120);
  tap.report(120, -2);
  CHECK(sides(tap.loss.whole()) == "expected 70, upstream 0, downstream -2");
}

TEST_CASE("What is in flight at a report evens out at the next one") {
  Tap tap;
  tap.see(1, 50);
  tap.report(48, 0);  // 49 and 50 are on their way
  tap.see(51, 100);
  tap.report(97, 1);  // 90 was overtaken and is counted as lost
  CHECK(sides(tap.loss.whole()) == "expected 49, upstream 0, downstream 1");
  tap.see(101, 150);
  tap.report(147, 0);
  CHECK(sides(tap.loss.whole()) == "expected 99, upstream 0, downstream 0");
}

TEST_CASE("A packet that comes late past the tap is lost on neither side in the end") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(51, 79);
  tap.see(81, 100);
  tap.report(100, 1);
  CHECK(sides(tap.loss.whole()) == "expected 50, upstream 1, downstream 0");
  tap.see(80);
  tap.see(101, 110);
  tap.report(110, 0);
  CHECK(sides(tap.loss.whole()) == "expected 60, upstream 0, downstream 0");
}

TEST_CASE("The cycles of the receiver may differ, and its numbers wrap") {
  Tap tap;
  tap.see(65000, 65500);
  tap.report(0x0007'0000 + 65500, 0);
  tap.see(65501, 65700);
  tap.report(0x0008'0000 + 65700 - 65536, 1);
  CHECK(sides(tap.loss.whole()) == "expected 200, upstream 0, downstream 1");
}

TEST_CASE("The cumulative number wraps at 24 bits and may be below 0") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0x7ffffe);
  tap.see(51, 100);
  tap.report(100, -0x7ffffe);  // 4 more, modulo 2^24
  CHECK(sides(tap.loss.whole()) == "expected 50, upstream 0, downstream 4");
  tap.report(100, -0x7ffffe);  // the same again
  CHECK(sides(tap.loss.whole()) == "expected 50, upstream 0, downstream 4");
}

TEST_CASE("A lost report leaves no gap: the next one spans both") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(52, 100);
  tap.see(101, 150);
  tap.report(150, 3);
  CHECK(sides(tap.loss.whole()) == "expected 100, upstream 1, downstream 2");
  CHECK(tap.loss.intervals() == 1);
}

TEST_CASE("A report of a number that the tap no longer knows is left out, not guessed") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(51, 3000);
  tap.report(1000, 0);
  CHECK(sides(tap.loss.whole()) == "expected 0, upstream 0, downstream 0");
  tap.report(2990, 3);
  CHECK(sides(tap.loss.whole()) == "expected 2940, upstream 0, downstream 3");
  CHECK(tap.loss.unaligned() == 1);
}

TEST_CASE("A restart of the stream begins a new base and keeps what was found") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(51, 100);
  tap.report(100, 2);
  tap.see(40000, 40100);
  tap.report(100, 2);  // on its way since before: before the segment
  tap.report(40090, 0);
  tap.see(40101, 40200);
  tap.report(40200, 1);
  CHECK(sides(tap.loss.whole()) == "expected 160, upstream 0, downstream 3");
  CHECK(tap.loss.rebased() == 1);
}

TEST_CASE("A receiver that counts anew begins a new base") {
  Tap tap;
  tap.see(1, 500);
  tap.report(450, 400);
  tap.see(501, 600);
  tap.report(600, 0);  // 400 losses taken back in 150 packets
  tap.see(601, 700);
  tap.report(700, 1);
  CHECK(sides(tap.loss.whole()) == "expected 100, upstream 0, downstream 1");
  CHECK(tap.loss.rebased() == 1);
  tap.report(690, 1, 0xa1);  // another one reports
  tap.see(701, 720);
  tap.report(720, 2, 0xa1);
  CHECK(sides(tap.loss.whole()) == "expected 130, upstream 0, downstream 2");
  CHECK(tap.loss.rebased() == 2);
}

TEST_CASE("More lost than was sent is no interval") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(51, 100);
  tap.report(100, 5000);
  CHECK(sides(tap.loss.whole()) == "expected 0, upstream 0, downstream 0");
  CHECK(tap.loss.rebased() == 1);
}

TEST_CASE("One report that was overtaken is left out, two begin a new base") {
  Tap tap;
  tap.see(1, 100);
  tap.report(100, 0);
  tap.report(60, 0);
  tap.see(101, 120);
  tap.report(120, 1);
  CHECK(sides(tap.loss.whole()) == "expected 20, upstream 0, downstream 1");
  CHECK(tap.loss.rebased() == 0);
  tap.report(80, 7);
  tap.report(85, 7);
  tap.report(120, 8);
  CHECK(sides(tap.loss.whole()) == "expected 55, upstream 0, downstream 2");
  CHECK(tap.loss.rebased() == 1);
}

TEST_CASE("Windows add up to the whole") {
  Tap tap;
  tap.see(1, 50);
  tap.report(50, 0);
  tap.see(52, 100);
  tap.report(100, 2);
  tap.loss.begin_window();
  tap.see(101, 150);
  tap.report(150, 5);
  CHECK(sides(tap.loss.window()) == "expected 50, upstream 0, downstream 3");
  CHECK(tap.loss.window_intervals() == 1);
  CHECK(sides(tap.loss.whole()) == "expected 100, upstream 1, downstream 4");
}

TEST_CASE("Distinct packets up to a number are those of the model, or not known") {
  std::mt19937 random(3);
  for (int i = 0; i < 300; i++) {
    Tap tap;
    std::set<int64_t> seen;
    const int64_t first = random() % 65536;
    int64_t highest = first;
    int64_t after_jump = first;  // what lies below, the history may have lost
    int known = 0;
    for (int k = 0; k < 4000; k++) {
      const auto dice = static_cast<uint32_t>(random() % 100);
      int64_t n = highest + 1;
      if (seen.empty()) {
        n = first;
      } else if (dice < 5) {
        n = highest + 2 + random() % 5;
      } else if (dice < 6 && random() % 60 == 0) {
        n = highest + 1 + static_cast<int64_t>(random() % 2000);
        if (n > highest + 64) after_jump = n;
      } else if (dice < 10) {
        n = std::max<int64_t>(first, highest - random() % 60);
      }
      highest = std::max(highest, n);
      seen.insert(n);
      tap.see(static_cast<uint16_t>(n));
      if (random() % 40 != 0) continue;
      const int64_t back = random() % 1500;
      const int64_t upto = highest - back;
      const uint32_t extended = tap.rig.hot().max_seq - static_cast<uint32_t>(back);
      const auto got = distinct_up_to(tap.rig.hot(), tap.rig.cold(), tap.history, extended);
      const auto near = distinct_up_to(tap.rig.hot(), tap.rig.cold(), extended);
      const uint64_t want = std::distance(seen.begin(), seen.upper_bound(upto));
      INFO("run " << i << ", " << back << " back, step " << k);
      REQUIRE(near.has_value() == (back <= 128 && upto >= first - 1));
      if (near) REQUIRE(*near == want);
      if (upto < first - 1) REQUIRE(!got.has_value());
      if (upto >= after_jump && back <= 1024) REQUIRE(got.has_value());
      if (got) {
        REQUIRE(*got == want);
        known++;
      }
    }
    REQUIRE(known > 10);
  }
}
