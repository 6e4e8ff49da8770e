// Whole sessions: A and B talk, packets are lost on both sides of the tap and by the
// mirror port, RTCP too. What the ledger finds is held against what really happened.
#include <deque>
#include <functional>
#include <map>
#include <random>
#include <set>

#include "test_stream_ledger_support.h"

using namespace ledger_test;

namespace {

struct Leg {
  double loss;  // 0..1
  int64_t delay_ns;
  int64_t spread_ns;  // added, uniform
};

struct Plan {
  Leg near;  // A and tap
  Leg far;   // tap and B
  double rtcp_loss = 0;
  double span_loss = 0;  // passes, but the mirror port drops it
  int64_t report_ns = 5 * kSecond;
  int64_t packet_ns = 20 * kMillisecond;
  int64_t length_ns = 60 * kSecond;
  uint32_t first_seq = 65'000;           // wraps
  uint64_t ntp = 0xe5a1'ffe0'0000'0000;  // of A at the start; its middle bits wrap after 32 s
  int32_t cumulative = 0x7ffff0;         // B's count of before: wraps at 24 bits
  uint32_t cycles = 0x70000;             // of B
  int64_t out_of_place = 0;              // packets that may be, as they overtake each other
  uint32_t seed = 1;
};

struct Sum {
  int64_t count = 0;
  int64_t sum_ns = 0;
  int64_t min_ns = INT64_MAX;
  int64_t max_ns = 0;
  void add(int64_t ns) {
    count++;
    sum_ns += ns;
    min_ns = std::min(min_ns, ns);
    max_ns = std::max(max_ns, ns);
  }
};

// One direction of media, A to B, and all RTCP that concerns it. Sets and lists only.
class Session {
 public:
  explicit Session(const Plan& plan) : plan_(plan), random_(plan.seed) {}

  void run() {
    for (int64_t t = 0; t < plan_.length_ns; t += plan_.packet_ns) at(t, [this] { send_media(); });
    for (int64_t t = plan_.report_ns / 2; t < plan_.length_ns; t += plan_.report_ns) {
      at(t, [this] { send_sender_report(); });
      at(t + plan_.report_ns / 3, [this] { send_receiver_report(); });
    }
    while (!events_.empty()) {
      const auto first = events_.begin();
      now_ = first->first;
      const std::function<void()> event = std::move(first->second);
      events_.erase(first);
      event();
    }
  }

  void check() {
    RtcpRow* const row = tap.row(kForth, kA);
    REQUIRE(row != nullptr);
    check_leg(row->downstream, downstream_);
    check_leg(row->upstream, upstream_);
    REQUIRE(intervals_ > 0);
    const LossInterval& loss = row->loss.whole();
    CHECK(loss.expected == static_cast<int64_t>(last_high_ - first_high_));
    CHECK(loss.seen == last_known_ - first_known_);
    CHECK(loss.reported_lost == last_lost_ - first_lost_);
    int64_t before = 0, after = 0, missed = 0;
    for (uint64_t n = first_high_ + 1; n <= last_high_; n++) {
      const bool seen = seen_.contains(n), received = received_.contains(n);
      before += !seen && !received;
      after += seen && !received;
      missed += !seen && received;
    }
    // What is overtaken at the first and the last report alone is out of place.
    CHECK(std::abs(loss.upstream() - before - missed) <= plan_.out_of_place);
    CHECK(std::abs(loss.downstream() - after + missed) <= plan_.out_of_place);
    CHECK(std::abs(loss.missed_by_capture() - std::max<int64_t>(0, missed - after)) <= plan_.out_of_place);
    CHECK(row->loss.rebased() == 0);
    CHECK(row->loss.unaligned() == 0);
    CHECK(row->counts.whole(RtcpCount::kReportBlocks) == reports_seen_);
    CHECK(row->counts.whole(RtcpCount::kSenderReports) == sender_reports_seen_);
    const SentInterval& sent = row->sender.whole();
    CHECK(sent.sender_packets == last_sent_ - first_sent_);
    CHECK(sent.sender_octets == 160 * (last_sent_ - first_sent_));
    CHECK(sent.tap_packets == last_tapped_ - first_tapped_);
    CHECK(row->sender.clock_hz() == doctest::Approx(8000).epsilon(1e-6));
    CHECK(row->downstream.whole.rejected == 0);
    CHECK(row->upstream.whole.rejected == 0);
  }

  Tap tap;

 private:
  static constexpr uint32_t kA = 0xa, kB = 0xb;
  static constexpr Flow kForth{1, 2, 5004, 6004};
  static constexpr Flow kForthRtcp{1, 2, 5005, 6005};
  static constexpr Flow kBackRtcp{2, 1, 6005, 5005};
  static constexpr int64_t kStart = 1'700'000'000 * kSecond;

  void at(int64_t t, std::function<void()> event) { events_.emplace(t, std::move(event)); }
  bool chance(double p) { return std::uniform_real_distribution<>(0, 1)(random_) < p; }
  int64_t delay(const Leg& leg) {
    return leg.delay_ns + (leg.spread_ns > 0 ? static_cast<int64_t>(random_() % leg.spread_ns) : 0);
  }
  uint64_t ntp_of_a() const { return plan_.ntp + to_ntp(now_); }
  uint64_t ntp_of_b() const { return 0x1234'5678'9abc'def0 + to_ntp(now_); }
  static uint64_t to_ntp(int64_t ns) {
    return static_cast<uint64_t>(ns / kSecond) << 32 |
           static_cast<uint64_t>(static_cast<double>(ns % kSecond) * 4.294967296);
  }
  static uint32_t held(int64_t ns) { return static_cast<uint32_t>(ns * 128 / 1'953'125); }

  void send_media() {
    const uint64_t n = plan_.first_seq + sent_++;
    if (chance(plan_.near.loss)) return;
    at(now_ + delay(plan_.near), [this, n] {
      if (!chance(plan_.span_loss)) {
        tap.rtp(kForth, kA, static_cast<uint16_t>(n), kStart + now_);
        seen_.insert(n);
      }
      if (chance(plan_.far.loss)) return;
      at(now_ + delay(plan_.far), [this, n] {
        received_.insert(n);
        highest_ = std::max(highest_, n);
        base_ = base_ == 0 ? n : std::min(base_, n);
      });
    });
  }

  // A: SR with DLRR. B: RR with RRTR. Both hold what they echo for as long as they do.
  void send_sender_report() {
    const uint64_t ntp = ntp_of_a();
    const int64_t sent = sent_;
    Octets packet = sr(kA, {ntp, static_cast<uint32_t>(now_ / 125'000), static_cast<uint32_t>(sent),
                            static_cast<uint32_t>(160 * sent)});
    const uint32_t lrr = a_heard_;
    const int64_t sent_ns = now_;
    if (lrr != 0) packet = packet + xr_dlrr(kA, kB, lrr, held(now_ - a_heard_ns_));
    if (chance(plan_.rtcp_loss)) return;
    at(now_ + delay(plan_.near), [=, this] {
      if (!chance(plan_.span_loss)) {
        REQUIRE(tap.rtcp(kForthRtcp, packet, kStart + now_) == Counter::kRtcp);
        sender_reports_seen_++;
        note(sr_at_tap_, sr_order_, ntp_middle(ntp), 8);
        if (rr_at_tap_.contains(lrr)) {
          const int64_t to_a = rr_at_a_[lrr] - rr_at_tap_[lrr];
          upstream_.add(to_a + (now_ - sent_ns));
        }
        if (first_sent_ < 0) {
          first_sent_ = sent;
          first_tapped_ = static_cast<int64_t>(seen_.size());
        }
        last_sent_ = sent;
        last_tapped_ = static_cast<int64_t>(seen_.size());
      }
      if (chance(plan_.rtcp_loss)) return;
      at(now_ + delay(plan_.far), [=, this] {
        b_heard_ = ntp_middle(ntp);
        b_heard_ns_ = now_;
        sr_at_b_[b_heard_] = now_;
      });
    });
  }

  void send_receiver_report() {
    const uint64_t ntp = ntp_of_b();
    if (base_ == 0) return;
    const uint64_t high = highest_;
    const auto lost = static_cast<int32_t>(high - base_ + 1 - received_.size());
    const uint32_t lsr = b_heard_;
    const int64_t sent_ns = now_;
    const Octets packet = rr(kB, {{kA, plan_.cycles + static_cast<uint32_t>(high), plan_.cumulative + lost,
                                   lsr, lsr == 0 ? 0 : held(now_ - b_heard_ns_)}}) +
                          xr_rrtr(kB, ntp);
    if (chance(plan_.rtcp_loss)) return;
    at(now_ + delay(plan_.far), [=, this] {
      if (!chance(plan_.span_loss)) {
        REQUIRE(tap.rtcp(kBackRtcp, packet, kStart + now_) == Counter::kRtcp);
        reports_seen_++;
        note(rr_at_tap_, rr_order_, ntp_middle(ntp), 4);
        if (sr_at_tap_.contains(lsr)) {
          const int64_t to_b = sr_at_b_[lsr] - sr_at_tap_[lsr];
          downstream_.add(to_b + (now_ - sent_ns));
        }
        const auto known = std::distance(seen_.begin(), seen_.upper_bound(high));
        if (first_high_ == 0) {
          first_high_ = high;
          first_known_ = known;
          first_lost_ = lost;
        }
        last_known_ = known;
        last_lost_ = lost;
        if (high > last_high_ && last_high_ != 0) intervals_++;
        last_high_ = high;
      }
      if (chance(plan_.rtcp_loss)) return;
      at(now_ + delay(plan_.near), [=, this] {
        a_heard_ = ntp_middle(ntp);
        a_heard_ns_ = now_;
        rr_at_a_[a_heard_] = now_;
      });
    });
  }

  // The tap keeps the last ones alone.
  void note(std::map<uint32_t, int64_t>& at_tap, std::deque<uint32_t>& order, uint32_t key, size_t most) {
    at_tap[key] = now_;
    order.push_back(key);
    if (order.size() <= most) return;
    at_tap.erase(order.front());
    order.pop_front();
  }

  static void check_leg(const RttLeg& leg, const Sum& truth) {
    REQUIRE(leg.whole.count == truth.count);
    if (truth.count == 0) return;
    const auto close_us = [](double got_us, int64_t ns, int64_t times) {
      const double wanted_us = static_cast<double>(ns) / 1e3;
      // DLSR is cut to 15.26 us, and our figures to 1 us
      return got_us >= wanted_us - static_cast<double>(times) &&
             got_us <= wanted_us + 17.0 * static_cast<double>(times);
    };
    CHECK(close_us(leg.whole.min_us, truth.min_ns, 1));
    CHECK(close_us(leg.whole.max_us, truth.max_ns, 1));
    CHECK(close_us(static_cast<double>(leg.whole.sum_us), truth.sum_ns, truth.count));
  }

  Plan plan_;
  std::mt19937_64 random_;
  std::multimap<int64_t, std::function<void()>> events_;
  int64_t now_ = 0;
  // what happened
  int64_t sent_ = 0;
  std::set<uint64_t> seen_, received_;
  int64_t first_known_ = 0, last_known_ = 0, first_lost_ = 0, last_lost_ = 0;  // at the reports
  uint64_t base_ = 0, highest_ = 0, first_high_ = 0, last_high_ = 0;
  uint32_t a_heard_ = 0, b_heard_ = 0, reports_seen_ = 0, sender_reports_seen_ = 0, intervals_ = 0;
  int64_t a_heard_ns_ = 0, b_heard_ns_ = 0;
  int64_t first_sent_ = -1, last_sent_ = 0, first_tapped_ = 0, last_tapped_ = 0;
  std::map<uint32_t, int64_t> sr_at_tap_, sr_at_b_, rr_at_tap_, rr_at_a_;
  std::deque<uint32_t> sr_order_, rr_order_;
  Sum downstream_, upstream_;
};

void run(const Plan& plan) {
  INFO("seed " << plan.seed);
  Session session(plan);
  session.run();
  session.check();
}

}  // namespace

TEST_CASE("A session without loss: both legs to the microseconds, nothing lost on either side") {
  run({.near = {0, 10 * kMillisecond, 0}, .far = {0, 30 * kMillisecond, 0}});
}

TEST_CASE("200 sessions with losses on both sides of the tap are attributed exactly") {
  for (uint32_t seed = 1; seed <= 200; seed++) {
    run({.near = {0.001 * (seed % 50), (1 + seed % 40) * kMillisecond, 8 * kMillisecond},
         .far = {0.001 * (seed % 70), (1 + seed % 90) * kMillisecond, 8 * kMillisecond},
         .cumulative = static_cast<int32_t>(seed % 2 == 0 ? 0x7ffff0 : 0),
         .seed = seed});
  }
}

TEST_CASE("So they are when RTCP is lost too") {
  for (uint32_t seed = 1; seed <= 100; seed++) {
    run({.near = {0.02, 5 * kMillisecond, 8 * kMillisecond},
         .far = {0.03, 40 * kMillisecond, 8 * kMillisecond},
         .rtcp_loss = 0.2,
         .length_ns = 120 * kSecond,
         .seed = seed});
  }
}

TEST_CASE("What the mirror port dropped is told from what the network lost, as far as it can be") {
  for (uint32_t seed = 1; seed <= 100; seed++) {
    run({.near = {0.01, 5 * kMillisecond, 8 * kMillisecond},
         .far = {seed % 2 == 0 ? 0.0 : 0.02, 40 * kMillisecond, 8 * kMillisecond},
         .span_loss = 0.03,
         .length_ns = 120 * kSecond,
         .seed = seed});
  }
}

TEST_CASE("A stream of 1000 packets a second is attributed over 300 ms of round trip") {
  for (uint32_t seed = 1; seed <= 10; seed++) {
    run({.near = {0.02, 20 * kMillisecond, 0},
         .far = {0.03, 150 * kMillisecond, 0},
         .report_ns = 1 * kSecond,
         .packet_ns = 1 * kMillisecond,
         .length_ns = 40 * kSecond,
         .seed = seed});
  }
}

TEST_CASE("Packets that overtake each other leave no more than a few out of place, however long it lasts") {
  for (uint32_t seed = 1; seed <= 50; seed++) {
    run({.near = {0.01, 5 * kMillisecond, 60 * kMillisecond},
         .far = {0.02, 40 * kMillisecond, 90 * kMillisecond},
         .length_ns = 600 * kSecond,
         .out_of_place = 6,
         .seed = seed});
  }
}
