// Files that are still being written, and sets of files that grow.
#include <doctest/doctest.h>

#include <chrono>
#include <thread>

#include "core/base/error.h"
#include "core/capture/file_source.h"
#include "core/capture/file_watch.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::FileSource;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;
using std::chrono::milliseconds;

namespace {

// Reads until so many packets came, or until 10 s are over: their letters.
std::string letters_until(FileSource& source, size_t count) {
  std::string text;
  PacketBatch batch;
  const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (text.size() < count && std::chrono::steady_clock::now() < give_up_at) {
    if (source.read(batch, 20) == ReadStatus::kEnd) return text + " END";
    for (size_t i = 0; i < batch.count; i++) text += static_cast<char>(batch.packets[i].bytes.u8(0));
  }
  return text;
}

}  // namespace

TEST_CASE("follow: a file that a writer appends to in small portions is read to its last packet") {
  const Folder folder;
  std::string bytes = pcap_header();
  std::string expected;
  for (uint32_t i = 0; i < 200; i++) {
    const std::string letter(1, static_cast<char>('a' + i % 26));
    bytes += pcap_record(i, 0, letter);
    expected += letter;
  }
  const std::string path = folder.write("a", "");
  std::thread writer([&] {
    for (size_t at = 0; at < bytes.size(); at += 61) {
      folder.append("a", bytes.substr(at, 61));
      std::this_thread::sleep_for(milliseconds(2));
    }
  });
  FileSource source({{path}, true, ""});
  source.open();
  CHECK(letters_until(source, expected.size()) == expected);
  writer.join();
  PacketBatch batch;
  CHECK(source.read(batch, 0) == ReadStatus::kIdle);
  CHECK(source.idle_now_ns() == -1);
  CHECK(source.stats().bytes_read == bytes.size());
  CHECK(source.stats().bytes_total == bytes.size());
  CHECK(joined(source.problems()) == "");
}

TEST_CASE("follow: half a record means wait, for as long as the timeout says") {
  const Folder folder;
  const std::string record = pcap_record(1, 0, "abc");
  const std::string path = folder.write("a", pcap_header() + record.substr(0, 10));
  FileSource source({{path}, true, ""});
  source.open();
  PacketBatch batch;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(source.read(batch, 120) == ReadStatus::kIdle);
  CHECK(std::chrono::steady_clock::now() - begin >= milliseconds(120));
  folder.append("a", record.substr(10));
  CHECK(source.read(batch, 1000) == ReadStatus::kPackets);
  CHECK(line(batch.packets[0]) == "1.000000000 link1 3/3 616263");
}

TEST_CASE("follow: earlier files are merged, the last one grows") {
  const Folder folder;
  const std::string a = folder.write("a", pcap_header() + pcap_record(1, 0, "a") + pcap_record(4, 0, "a"));
  const std::string b = folder.write("b", pcap_header() + pcap_record(3, 0, "b"));
  FileSource source({{a, b}, true, ""});
  source.open();
  CHECK(letters_until(source, 3) == "aba");
  folder.append("b", pcap_record(5, 0, "B"));
  CHECK(letters_until(source, 1) == "B");
}

TEST_CASE("follow: newer files of the pattern are taken up as they appear") {
  const Folder folder;
  folder.write("trace.pcap1", pcap_header() + pcap_record(1, 0, "x"));
  const std::string second = folder.write("trace.pcap2", pcap_header() + pcap_record(2, 0, "a"));
  FileSource source({{second}, true, folder.path("trace.pcap*")});
  source.open();
  CHECK(letters_until(source, 1) == "a");
  // The newer file is there before the last bytes of the one before.
  std::thread writer([&] {
    std::this_thread::sleep_for(milliseconds(50));
    folder.write("trace.pcap10", pcap_header() + pcap_record(5, 0, "d"));
    folder.write("trace.pcap9", "");
    folder.append("trace.pcap2", pcap_record(3, 0, "b"));
    std::this_thread::sleep_for(milliseconds(50));
    folder.append("trace.pcap9", pcap_header() + pcap_record(4, 0, "c"));
  });
  CHECK(letters_until(source, 3) == "bcd");
  writer.join();
  CHECK(joined(source.problems()) == "");
}

TEST_CASE("follow: a set that begins empty, with a file of another kind and one that breaks off") {
  const Folder folder;
  FileSource source({{}, true, folder.path("*.pcap")});
  source.open();
  PacketBatch batch;
  CHECK(source.read(batch, 10) == ReadStatus::kIdle);
  folder.write("1.pcap", pcap_header() + pcap_record(1, 0, "a") + "half");
  folder.write("2.pcap", "This is no capture file.");
  folder.write("3.pcap", pcap_header() + pcap_record(3, 0, "b"));
  CHECK(letters_until(source, 2) == "ab");
  CHECK(folder.without_path(joined(source.problems())) ==
        "1.pcap breaks off after packet 1: the record at byte 41 has 4 of 16 bytes\n"
        "2.pcap is text, not a capture file\n");
}

TEST_CASE("follow: a file that is damaged and has no successor is the end") {
  const Folder folder;
  const std::string path =
      folder.write("a", pcap_header() + pcap_record(1, 0, "a") + std::string(16, '\xff'));
  FileSource source({{path}, true, ""});
  source.open();
  CHECK(letters_until(source, 2) == "a END");
}

TEST_CASE("follow: an empty file waits, one of another kind is refused at once") {
  const Folder folder;
  FileSource({{folder.write("a", "")}, true, ""}).open();
  FileSource({{folder.write("a", pcap_header().substr(0, 9))}, true, ""}).open();
  FileSource text({{folder.write("a", "text")}, true, ""});
  CHECK_THROWS_AS(text.open(), rtpsonde::Error);
}

TEST_CASE("follow: names sort with their numbers by value") {
  const Folder folder;
  for (const char* name : {"t10", "t9", "t1", "t2", "u1"}) folder.write(name, "");
  rtpsonde::FileWatch watch(folder.path("t*"));
  std::string order;
  std::string at;
  while (!(at = watch.after(at)).empty()) order += folder.without_path(at) + " ";
  CHECK(order == "t1 t2 t9 t10 ");
}
