// An interface that goes down, loses its carrier, is renamed or vanishes while it is captured
// on: what is said of it, and that capture goes on by itself.
#include <doctest/doctest.h>

#include <chrono>

#include "core/stream/outages.h"
#include "test_capture_live.h"
#include "test_capture_namespace.h"
#include "test_capture_outage.h"

using namespace capture_test;
using rtpsonde::AfPacketSource;
using rtpsonde::Outages;
using std::chrono::milliseconds;

TEST_CASE("outage: down and up again; the time between is told with the packets behind it") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    std::string text = packets_come(source);
    const int64_t before_ns = now_ns();
    text += after(source, "ip link set probe0 down", CaptureState::kDown);
    PacketBatch batch;
    while (now_ns() < before_ns + 700'000'000) source.read(batch, 50);
    text += source.stats().outage_ms >= 200 ? "lasts; " : "does not last; ";  // it is still down
    text += after(source, "ip link set probe0 up", CaptureState::kCapturing);
    Outage outage;
    text += packets_come(source, &outage);
    const int64_t length_ns = outage.to_ns - outage.from_ns;
    text += length_ns >= 500'000'000 && outage.to_ns <= now_ns() ? "as long as it was; " : "another time; ";
    const auto told_ms = static_cast<int64_t>(source.stats().outage_ms);
    text += std::abs(told_ms - length_ns / 1'000'000) <= 300 ? "" : "and told otherwise; ";
    text += packets_come(source);
    return text + totals(source);
  });
  if (not_run(result)) return;
  CHECK(result ==
        "packets; down; lasts; capturing; packets after an outage; as long as it was; packets; "
        "1 with a length, 0 sentences");
}

TEST_CASE("outage: down and up between two looks is one all the same") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    std::string text = packets_come(source);
    text += after(source, "ip link set probe0 down && ip link set probe0 up", CaptureState::kCapturing);
    text += packets_come(source);
    return text + std::to_string(source.stats().outages);
  });
  if (not_run(result)) return;
  CHECK(result == "packets; capturing; packets after an outage; 1");
}

TEST_CASE("outage: a cable that is pulled") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    std::string text = packets_come(source);
    text += after(source, "ip link set far0 down", CaptureState::kNoCarrier);
    text += after(source, "ip link set far0 up", CaptureState::kCapturing);
    text += packets_come(source);
    return text + totals(source);
  });
  if (not_run(result)) return;
  CHECK(result == "packets; no carrier; capturing; packets after an outage; 1 with a length, 0 sentences");
}

TEST_CASE("outage: an interface that is removed and made anew under its name") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    std::string text = packets_come(source);
    text += after(source, "ip link del probe0", CaptureState::kGone);
    text += after(source,
                  "ip link add probe0 type veth peer name far0 && ip link set far0 up && "
                  "ip link set probe0 up",
                  CaptureState::kCapturing);
    text += packets_come(source);
    return text + totals(source);
  });
  if (not_run(result)) return;
  CHECK(result == "packets; gone; capturing; packets after an outage; 1 with a length, 0 sentences");
}

TEST_CASE("outage: a renamed interface is captured on, until another one has the name") {
  const std::string result = in_namespace([] {
    AfPacketSource source(options());
    source.open();
    std::string text = packets_come(source);
    // Some kernels rename only what is down.
    text +=
        after(source, "ip link set probe0 down && ip link set probe0 name other0 && ip link set other0 up",
              CaptureState::kCapturing);
    text += packets_come(source);
    PacketBatch batch;
    for (int i = 0; i < 40 && source.problems().empty(); i++) source.read(batch, 50);
    text += joined(source.problems());
    shell(
        "ip link set far0 down && ip link set far0 name away0 && ip link add probe0 type veth peer name far0 "
        "&& ip link set far0 up && ip link set probe0 up");
    // Bound to the new one: the old one has no sender any more.
    text += packets_come(source);
    return text + name_of(source.stats().state);
  });
  if (not_run(result)) return;
  const std::string start =
      "packets; capturing; packets after an outage; "
      "network interface probe0 is now called other0; it is captured on until another one is called probe0\n";
  CHECK(result == start + "packets after an outage; capturing");
}

TEST_CASE("outage: of the packets missing between two arrivals, those that would have come in it") {
  constexpr int64_t kMs = 1'000'000;
  Outages outages;
  CHECK(outages.share(0, 1000 * kMs, 49) == 0);
  outages.note(100 * kMs, 300 * kMs);
  outages.note(500 * kMs, 500 * kMs);  // of no length
  // Every 20 ms from 20 to 980 ms: 100, 120 ... 280.
  CHECK(outages.share(0, 1000 * kMs, 49) == 10);
  CHECK(outages.share(90 * kMs, 310 * kMs, 10) == 10);
  CHECK(outages.share(300 * kMs, 400 * kMs, 4) == 0);
  CHECK(outages.share(0, 100 * kMs, 4) == 0);
  outages.note(900 * kMs, 2000 * kMs);
  CHECK(outages.share(0, 1000 * kMs, 49) == 15);
  // Times that mean nothing.
  CHECK(outages.share(1000 * kMs, 0, 49) == 0);
  CHECK(outages.share(-5, 1000 * kMs, 49) == 0);
  CHECK(outages.share(0, 4'000'000'000'000, 49) == 0);
  for (int i = 0; i < 8; i++) outages.note(5000 * kMs, 5001 * kMs);
  CHECK(outages.share(0, 1000 * kMs, 49) == 0);  // long ago
}
