// Every real capture next to the repository is read to its end, with the number
// of packets that capinfos found; and every kept fuzz input is survived.
#include <doctest/doctest.h>

#include <sstream>

#include "core/base/error.h"
#include "core/capture/file_source.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::FileSource;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;

TEST_CASE("real captures: as many packets as the manifest says, and no problem") {
  const std::string folder = std::string(SHARED_DIR) + "/captures/";
  std::ifstream manifest(folder + "MANIFEST.tsv");
  if (!manifest) {
    MESSAGE("NOT RUN: no captures in " << folder);
    return;
  }
  std::string expected;
  std::string read;
  std::string row;
  std::getline(manifest, row);  // the names of the columns
  while (std::getline(manifest, row)) {
    std::istringstream columns(row);
    std::vector<std::string> column(8);
    for (std::string& one : column) std::getline(columns, one, '\t');
    expected += column[0] + " " + column[7] + "\n";
    FileSource source({{folder + column[0]}, false, ""});
    source.open();
    PacketBatch batch;
    size_t packets = 0;
    while (source.read(batch, 0) == ReadStatus::kPackets) packets += batch.count;
    read += column[0] + " " + std::to_string(packets) + "\n" + joined(source.problems());
    CHECK(source.stats().bytes_read == source.stats().bytes_total);
  }
  CHECK(expected.size() > 0);
  CHECK(read == expected);
}

TEST_CASE("fuzz corpus: every kept input is read to an end") {
  const std::filesystem::path folder = std::string(FUZZ_DIR) + "/corpus/file";
  REQUIRE(std::filesystem::is_directory(folder));
  size_t inputs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    inputs++;
    FileSource source({{entry.path().string()}, false, ""});
    try {
      source.open();
    } catch (const rtpsonde::Error&) {
      continue;
    }
    CHECK(packets_of(source).size() < 1'000'000);
  }
  CHECK(inputs > 0);
}
