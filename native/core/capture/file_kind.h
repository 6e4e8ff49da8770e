// Tells a capture file by its first bytes, and names in plain words what else a
// file looks like.
#pragma once

#include <string>

#include "core/base/bytes.h"

namespace rtpsonde {

enum class FileKind {
  kPcap,
  kPcapng,
  kTooShort,  // so far it could be either, but the header is not whole
  kOther
};

// Bytes after which file_kind() never says kTooShort.
constexpr size_t kFileKindBytes = 28;

// first: the beginning of the file, as much as is there.
FileKind file_kind(Bytes first);

// What a file of kind kOther is, as the end of "FILE ...": "is text, not a capture file".
std::string describe_other(Bytes first);

}  // namespace rtpsonde
