// See softnet.h.
#include "core/capture/softnet.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <string_view>

namespace rtpsonde {
namespace {

// 16 KB are some 120 CPUs in one read; more are read in further ones.
constexpr size_t kRead_bytes = 16'384;
constexpr size_t kMost_bytes = 1 << 20;

}  // namespace

// A line of Linux 5.10: processed, dropped, time_squeeze and others
//   0001a2b3 00000000 00000004 00000000 ... 00000001
uint32_t sum_softnet(const char* text, size_t size, uint64_t& dropped, uint64_t& squeezed) {
  std::string_view rest(text, size);
  uint32_t lines = 0;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    uint32_t columns[3] = {};
    int found = 0;
    for (; found < 3; found++) {
      while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
      const auto [at, error] = std::from_chars(line.data(), line.data() + line.size(), columns[found], 16);
      if (error != std::errc()) break;
      line.remove_prefix(static_cast<size_t>(at - line.data()));
      if (!line.empty() && line.front() != ' ') break;  // no number after all
    }
    if (found < 3) continue;
    dropped += columns[1];
    squeezed += columns[2];
    lines++;
  }
  return lines;
}

Softnet::Softnet(const std::string& interface, const std::string& root) {
  const std::string statistics = root + "/sys/class/net/" + interface + "/statistics/";
  paths_[kSoftnet] = root + "/proc/net/softnet_stat";
  paths_[kMissed] = statistics + "rx_missed_errors";
  paths_[kFifo] = statistics + "rx_fifo_errors";
  paths_[kDropped] = statistics + "rx_dropped";
  paths_[kErrors] = statistics + "rx_errors";
  for (int& descriptor : descriptors_) descriptor = -1;
  read();
}

Softnet::~Softnet() {
  for (const int descriptor : descriptors_) {
    if (descriptor >= 0) ::close(descriptor);
  }
}

void Softnet::open(File file) {
  if (descriptors_[file] < 0) descriptors_[file] = ::open(paths_[file].c_str(), O_RDONLY | O_CLOEXEC);
}

bool Softnet::number(File file, uint64_t& value) {
  open(file);
  char text[32];
  const ssize_t got = descriptors_[file] < 0 ? -1 : ::pread(descriptors_[file], text, sizeof text, 0);
  if (got > 0) {
    const auto [at, error] = std::from_chars(text, text + got, value);
    if (error == std::errc()) return true;
  }
  // The interface went, and may be made anew: opened again the next time.
  if (descriptors_[file] >= 0) ::close(descriptors_[file]);
  descriptors_[file] = -1;
  return false;
}

void Softnet::read_softnet() {
  open(kSoftnet);
  if (descriptors_[kSoftnet] < 0) return;
  uint64_t dropped = 0, squeezed = 0;
  uint32_t lines = 0;
  char text[kRead_bytes];
  size_t held = 0;  // of a line that the next read goes on with
  for (off_t at = 0; at < static_cast<off_t>(kMost_bytes);) {
    const ssize_t got = ::pread(descriptors_[kSoftnet], text + held, sizeof text - held, at);
    if (got <= 0) break;
    at += got;
    const size_t size = held + static_cast<size_t>(got);
    const size_t last = std::string_view(text, size).rfind('\n');
    const size_t whole = last == std::string_view::npos ? 0 : last + 1;
    lines += sum_softnet(text, whole, dropped, squeezed);
    held = size - whole;
    if (held == sizeof text) return;  // no such file
    for (size_t i = 0; i < held; i++) text[i] = text[whole + i];
  }
  if (lines == 0) return;
  drops_.take(dropped);
  squeezes_.take(squeezed);
}

DropsBefore Softnet::read() {
  read_softnet();
  for (const File file : {kMissed, kFifo, kDropped, kErrors}) {
    uint64_t value = 0;
    if (number(file, value)) nic_[file].take(value);
  }
  return {drops_.total(), squeezes_.total(), nic_[kMissed].total() + nic_[kFifo].total(),
          nic_[kDropped].total(), nic_[kErrors].total()};
}

}  // namespace rtpsonde
