// Fuzz target: any bytes as a capture file. They are read from a file, through a
// pipe and merged with themselves; each time every octet is touched, and the
// three have to agree.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "core/base/error.h"
#include "core/capture/file_source.h"

namespace {

using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;

struct Outcome {
  uint64_t packets = 0;
  uint64_t sum = 0;  // over all octets, lengths and link types; not over the order
  bool operator==(const Outcome&) const = default;
};

Outcome read_all(const std::vector<std::string>& paths) {
  Outcome outcome;
  rtpsonde::FileSource source({paths, false, ""});
  try {
    source.open();
  } catch (const rtpsonde::Error&) {
    return outcome;
  }
  PacketBatch batch;
  while (source.read(batch, 1000) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++) {
      const rtpsonde::PacketView& packet = batch.packets[i];
      outcome.packets++;
      outcome.sum += packet.wire_len + packet.link_type + packet.bytes.size;
      for (size_t at = 0; at < packet.bytes.size; at++) outcome.sum += packet.bytes.u8(at) * (at % 251 + 1);
    }
  }
  const rtpsonde::SourceStats stats = source.stats();
  if (stats.bytes_read > stats.bytes_total) std::abort();
  for (const std::string& sentence : source.problems()) outcome.sum += sentence.empty() ? 1 : 0;
  return outcome;
}

std::string path_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }

constexpr size_t kPipeBytes = 65536;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const int file = ::memfd_create("fuzz", MFD_CLOEXEC);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  const Outcome alone = read_all({path_of(file)});

  const Outcome merged = read_all({path_of(file), path_of(file)});
  if (merged.packets != 2 * alone.packets || merged.sum != 2 * alone.sum) std::abort();

  if (size <= kPipeBytes) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    if (::write(ends[1], data, size) != static_cast<ssize_t>(size)) std::abort();
    const std::string path = path_of(ends[0]);
    ::close(ends[1]);
    const Outcome piped = read_all({path});
    ::close(ends[0]);
    if (!(piped == alone)) std::abort();
  }
  return 0;
}
