// What the tests of outages share: the interface is changed, and what a live source says then.
#pragma once

#include <chrono>
#include <string>

#include "test_capture_live.h"
#include "test_capture_namespace.h"

namespace capture_test {

using rtpsonde::CaptureState;
using rtpsonde::Outage;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;

inline const std::string kFrame = hex("0200000000ff 020000000002 88b5 01020304");

inline const char* name_of(CaptureState state) {
  switch (state) {
    case CaptureState::kFile:
      return "file";
    case CaptureState::kCapturing:
      return "capturing";
    case CaptureState::kNoCarrier:
      return "no carrier";
    case CaptureState::kDown:
      return "down";
    default:
      return "gone";
  }
}

inline int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// Reads until the state is another one, at most for some seconds.
inline std::string after(rtpsonde::PacketSource& source, const char* command, CaptureState expected) {
  if (!shell(command)) return std::string(command) + " failed; ";
  PacketBatch batch;
  int reads = 0;
  do {
    source.read(batch, 20);  // where the thread of the daemon waits anyway
  } while (++reads < 200 && source.stats().state != expected);
  return std::string(name_of(source.stats().state)) + "; ";
}

// Sends until a packet arrives: what is sent before the carrier is back is lost. Says
// whether the time without capture before it is known.
inline std::string packets_come(rtpsonde::PacketSource& source, Outage* outage = nullptr) {
  PacketBatch batch;
  for (int i = 0; i < 100; i++) {
    Sender().send(kFrame);
    if (source.read(batch, 50) != ReadStatus::kPackets) continue;
    const Outage found = batch.outage;
    if (outage != nullptr) *outage = found;
    const bool before = found.from_ns <= found.to_ns && found.to_ns <= batch.packets[0].ts_ns;
    while (source.read(batch, 50) == ReadStatus::kPackets) continue;
    return !found.any() ? "packets; " : before ? "packets after an outage; " : "packets in an outage; ";
  }
  return "nothing comes; ";
}

inline std::string totals(rtpsonde::PacketSource& source) {
  const rtpsonde::SourceStats stats = source.stats();
  return std::to_string(stats.outages) + (stats.outage_ms > 0 ? " with a length" : " without length") + ", " +
         std::to_string(source.problems().size()) + " sentences";
}

}  // namespace capture_test
