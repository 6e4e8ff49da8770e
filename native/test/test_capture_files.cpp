// Files as such: several in time order, pipes, and files that cannot be read.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "core/base/error.h"
#include "core/capture/file_source.h"
#include "test_capture_support.h"

using namespace capture_test;
using rtpsonde::Error;
using rtpsonde::FileSource;
using rtpsonde::PacketBatch;
using rtpsonde::ReadStatus;

namespace {

// One letter for each packet: "a" comes at the given times.
std::string pcap_of(const std::string& letter, const std::vector<uint32_t>& seconds) {
  std::string bytes = pcap_header();
  for (const uint32_t second : seconds) bytes += pcap_record(second, 0, letter);
  return bytes;
}

// The letters of all packets in the order they came.
std::string letters(FileSource& source) {
  std::string text;
  PacketBatch batch;
  while (source.read(batch, 2000) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++) text += static_cast<char>(batch.packets[i].bytes.u8(0));
  }
  return text;
}

std::string letters_of(const std::vector<std::string>& paths) {
  FileSource source({paths, false, ""});
  source.open();
  return letters(source);
}

// What open() says: "CODE: message", without the folder.
std::string refusal(const Folder& folder, const std::string& path) {
  FileSource source({{path}, false, ""});
  try {
    source.open();
  } catch (const Error& error) {
    return error.code() + ": " + folder.without_path(error.what());
  }
  return "opened";
}

}  // namespace

TEST_CASE("files: several are merged by time, and at equal times the earlier path comes first") {
  const Folder folder;
  const std::string a = folder.write("a", pcap_of("a", {1, 4, 4, 7}));
  const std::string b =
      folder.write("b", section() + interface(1) + enhanced_packet(0, 2'000'000, "b") +
                            enhanced_packet(0, 4'000'000, "b") + enhanced_packet(0, 9'000'000, "b"));
  const std::string c = folder.write("c", pcap_of("c", {1, 4, 10}));
  CHECK(letters_of({a, b, c}) == "acbaabcabc");
  CHECK(letters_of({c, b, a}) == "cabcbaaabc");
}

TEST_CASE("files: a file keeps its own order while others are merged in") {
  const Folder folder;
  const std::string a = folder.write("a", pcap_of("a", {5, 2, 6}));
  const std::string b = folder.write("b", pcap_of("b", {3, 4, 6}));
  CHECK(letters_of({a, b}) == "bbaaab");
}

TEST_CASE("files: a row of files given in any order is read in order of time") {
  const Folder folder;
  std::vector<std::string> paths;
  std::string expected;
  for (uint32_t i = 0; i < 26; i++) {
    const std::string letter(1, static_cast<char>('a' + i));
    paths.insert(i % 2 ? paths.begin() : paths.end(),
                 folder.write(letter, pcap_of(letter, {i * 2, i * 2 + 1})));
    expected += letter + letter;
  }
  CHECK(letters_of(paths) == expected);
}

TEST_CASE("files: views into several merged files hold until the next read") {
  const Folder folder;
  std::vector<std::string> paths;
  for (uint32_t file = 0; file < 3; file++) {
    std::string bytes = pcap_header();
    for (uint32_t i = 0; i < 2000; i++) {
      bytes += pcap_record(i, file, std::string(300 + 7 * file, static_cast<char>(i + file)));
    }
    paths.push_back(folder.write(std::to_string(file), bytes));
  }
  FileSource source({paths, false, ""});
  source.open();
  PacketBatch batch;
  uint32_t wrong = 0;
  uint32_t seen = 0;
  while (source.read(batch, 0) == ReadStatus::kPackets) {
    for (size_t i = 0; i < batch.count; i++, seen++) {
      const rtpsonde::PacketView& packet = batch.packets[i];
      const uint32_t file = seen % 3;
      const auto letter = static_cast<uint8_t>(seen / 3 + file);
      const bool right = packet.bytes.size == 300 + 7 * file && packet.bytes.u8(0) == letter &&
                         packet.bytes.u8(packet.bytes.size - 1) == letter;
      wrong += right ? 0 : 1;
    }
  }
  CHECK(seen == 6000);
  CHECK(wrong == 0);
}

TEST_CASE("files: one that breaks off does not stop the others") {
  const Folder folder;
  const std::string a = folder.write("a", pcap_of("a", {1, 3}) + "half");
  const std::string b = folder.write("b", pcap_of("b", {2, 4}));
  FileSource source({{a, b}, false, ""});
  source.open();
  CHECK(letters(source) == "abab");
  CHECK(folder.without_path(joined(source.problems())) ==
        "a breaks off after packet 2: the record at byte 58 has 4 of 16 bytes\n");
}

TEST_CASE("files: one without packets gives none, alone or among others") {
  const Folder folder;
  const std::string a = folder.write("a", pcap_header());
  const std::string b = folder.write("b", pcap_of("b", {2, 4}));
  CHECK(letters_of({a}) == "");
  CHECK(letters_of({a, b}) == "bb");
}

TEST_CASE("files: one that is cut short while it is read is told, and does not end the process") {
  const Folder folder;
  std::string bytes = pcap_header();
  for (uint32_t i = 0; i < 1000; i++) bytes += pcap_record(i, 0, std::string(1000, 'a'));
  FileSource source({{folder.write("a", bytes)}, false, ""});
  source.open();
  PacketBatch batch;
  CHECK(source.read(batch, 0) == ReadStatus::kPackets);
  std::filesystem::resize_file(folder.path("a"), 1000);
  while (source.read(batch, 0) == ReadStatus::kPackets) {
  }
  CHECK(folder.without_path(joined(source.problems())) ==
        "a became shorter while it was read, after packet 257 at byte 262144\n");
}

TEST_CASE("files: what cannot be read is refused with its reason") {
  const Folder folder;
  CHECK(refusal(folder, folder.path("none")) ==
        "ERR_CAPTURE_FILE_NOT_FOUND: capture file none does not exist (No such file or directory)");
  CHECK(refusal(folder, folder.path(".")) == "ERR_CAPTURE_FILE_TYPE: . is a directory, not a capture file");
  CHECK(refusal(folder, folder.write("a", "")) == "ERR_CAPTURE_FILE_TYPE: a is empty");
  CHECK(refusal(folder, folder.write("a", "abc")) == "ERR_CAPTURE_FILE_TYPE: a has only 3 bytes");
  CHECK(refusal(folder, folder.write("a", "Dear Sir,\nplease")) ==
        "ERR_CAPTURE_FILE_TYPE: a is text, not a capture file");
  CHECK(refusal(folder, folder.write("a.pcap.gz", hex("1f8b0800 00000000"))) ==
        "ERR_CAPTURE_FILE_TYPE: a.pcap.gz is compressed with gzip; unpack it first with gunzip");
  CHECK(refusal(folder, folder.write("a", hex("01020304 05060708 090a"))) ==
        "ERR_CAPTURE_FILE_TYPE: a is neither pcap nor pcapng; it begins with 01 02 03 04 05 06 07 08");
  CHECK(refusal(folder, folder.write("a", pcap_header().substr(0, 23))) ==
        "ERR_CAPTURE_FILE_TYPE: a breaks off after 23 bytes, inside its file header");
  CHECK(refusal(folder, folder.write("a", section().substr(0, 12))) ==
        "ERR_CAPTURE_FILE_TYPE: a breaks off after 12 bytes, inside its file header");
  CHECK(refusal(folder, folder.write("a", hex("d4c3b2a1 0300 0100") + std::string(16, '\0'))) ==
        "ERR_CAPTURE_FILE_TYPE: a has pcap version 3.1, which is not known");
  CHECK(refusal(folder, "/dev/null") == "ERR_CAPTURE_FILE_TYPE: /dev/null is empty");
}

TEST_CASE("files: a missing right is told from a missing file") {
  const Folder folder;
  const std::string path = folder.write("a", pcap_header());
  ::chmod(path.c_str(), 0);
  // For root nothing is forbidden: be nobody meanwhile.
  const uid_t self = ::geteuid();
  if (self == 0) REQUIRE(::seteuid(65534) == 0);
  const std::string said = refusal(folder, path);
  if (self == 0) REQUIRE(::seteuid(0) == 0);
  CHECK(said == "ERR_CAPTURE_FILE_PERMISSION: capture file a cannot be opened: Permission denied");
}

TEST_CASE("files: no file at all is refused") {
  CHECK_THROWS_WITH_AS(FileSource({{}, false, ""}).open(), "no capture file is named", Error);
}

TEST_CASE("files: a fifo is read as it fills, in any portions") {
  const Folder folder;
  const std::string path = folder.path("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const std::string bytes = section() + interface(1) + enhanced_packet(0, 1, "a") +
                            block(0x0bad, std::string(400'000, 'x')) + enhanced_packet(0, 2, "b");
  std::thread writer([&] {
    const int fd = ::open(path.c_str(), O_WRONLY);
    for (size_t at = 0; at < bytes.size();) {
      const size_t portion = at < 200 ? 7 : 50'000;
      const ssize_t n = ::write(fd, bytes.data() + at, std::min(portion, bytes.size() - at));
      if (n <= 0) break;
      at += static_cast<size_t>(n);
      if (at < 200) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    ::close(fd);
  });
  FileSource source({{path}, false, ""});
  source.open();
  CHECK(letters(source) == "ab");
  CHECK(joined(source.problems()) == "");
  writer.join();
}

TEST_CASE("files: a silent pipe is idle after the timeout, and its broken header is a problem") {
  const Folder folder;
  const std::string path = folder.path("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  FileSource source({{path}, false, ""});
  source.open();
  PacketBatch batch;
  const auto begin = std::chrono::steady_clock::now();
  CHECK(source.read(batch, 30) == ReadStatus::kIdle);
  CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(30));
  const int fd = ::open(path.c_str(), O_WRONLY);
  REQUIRE(::write(fd, "no capture", 10) == 10);
  ::close(fd);
  CHECK(source.read(batch, 1000) == ReadStatus::kEnd);
  CHECK(folder.without_path(joined(source.problems())) == "fifo is text, not a capture file\n");
}

TEST_CASE("files: a minus is standard input") {
  const int before = ::dup(STDIN_FILENO);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const std::string bytes = pcap_of("a", {1, 2, 3});
  REQUIRE(::write(ends[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::close(ends[1]);
  ::dup2(ends[0], STDIN_FILENO);
  ::close(ends[0]);
  CHECK(letters_of({"-"}) == "aaa");
  if (before >= 0) {
    ::dup2(before, STDIN_FILENO);
    ::close(before);
  }
}
