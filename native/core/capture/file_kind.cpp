// See file_kind.h.
#include "core/capture/file_kind.h"

#include <array>
#include <cstring>
#include <string_view>

#include "core/capture/pcap_reader.h"
#include "core/capture/pcapng_reader.h"

namespace rtpsonde {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view says;
};

constexpr std::array kSignatures = {
    Signature{"\x1f\x8b"sv, "is compressed with gzip; unpack it first with gunzip"},
    Signature{"\x28\xb5\x2f\xfd"sv, "is compressed with zstd; unpack it first with unzstd"},
    Signature{"\xfd\x37\x7a\x58\x5a\x00"sv, "is compressed with xz; unpack it first with unxz"},
    Signature{"\x04\x22\x4d\x18"sv, "is compressed with lz4; unpack it first with unlz4"},
    Signature{"BZh"sv, "is compressed with bzip2; unpack it first with bunzip2"},
    Signature{"PK\x03\x04"sv, "is a zip archive; unpack it first with unzip"},
    Signature{"snoop\0\0\0"sv, "is a snoop capture; convert it first with editcap"},
    Signature{"GMBU"sv, "is a Microsoft Network Monitor capture; convert it first with editcap"},
    Signature{"#!rtpplay1.0"sv, "is an rtpdump recording, not a pcap or pcapng file"},
    Signature{"\x7f"
              "ELF"sv,
              "is a program, not a capture file"},
};

bool begins_with(Bytes first, std::string_view signature) {
  return first.size >= signature.size() && std::memcmp(first.data, signature.data(), signature.size()) == 0;
}

bool is_text(Bytes first) {
  for (size_t i = 0; i < first.size; i++) {
    const uint8_t c = first.u8(i);
    const bool control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (control || c == 0x7f) return false;
  }
  return true;
}

std::string hex(Bytes bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < bytes.size; i++) {
    if (i > 0) out += ' ';
    out += kDigits[bytes.u8(i) >> 4];
    out += kDigits[bytes.u8(i) & 15];
  }
  return out;
}

// libpcap writes 2.4 since 1998; what older versions meant by some fields is
// not known from the file.
bool version_known(Bytes first) {
  const PcapReader header(first.data);
  return header.version_major() == 2;
}

}  // namespace

FileKind file_kind(Bytes first) {
  if (first.size < 4) return FileKind::kTooShort;
  if (PcapReader::recognises(first.data)) {
    if (first.size < PcapReader::kHeaderBytes) return FileKind::kTooShort;
    return version_known(first) ? FileKind::kPcap : FileKind::kOther;
  }
  if (std::memcmp(first.data, "\x0a\x0d\x0d\x0a", 4) != 0) return FileKind::kOther;
  if (first.size < 12) return FileKind::kTooShort;
  if (!PcapngReader::recognises(first.data)) return FileKind::kOther;
  return first.size < PcapngReader::kHeaderBytes ? FileKind::kTooShort : FileKind::kPcapng;
}

std::string describe_other(Bytes first) {
  for (const Signature& known : kSignatures) {
    if (begins_with(first, known.bytes)) return std::string(known.says);
  }
  if (first.size >= PcapReader::kHeaderBytes && PcapReader::recognises(first.data)) {
    const PcapReader header(first.data);
    return "has pcap version " + std::to_string(header.version_major()) + "." +
           std::to_string(header.version_minor()) + ", which is not known";
  }
  if (is_text(first)) return "is text, not a capture file";
  return "is neither pcap nor pcapng; it begins with " + hex(first.first(8));
}

}  // namespace rtpsonde
