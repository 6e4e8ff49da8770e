// Reads the classic pcap format (draft-ietf-opsawg-pcap).
#pragma once

#include "core/capture/record_reader.h"

namespace rtpsonde {

class PcapReader : public RecordReader {
 public:
  static constexpr size_t kHeaderBytes = 24;

  // Whether these four bytes begin a pcap file of a variant that is known.
  static bool recognises(const uint8_t* magic);

  // header: the 24 bytes of the file header, recognised before.
  explicit PcapReader(const uint8_t* header);

  Step take(ByteReader& in, PacketBatch& batch, int64_t limit_ns) override;

  // The only version of 1998 and later is 2.4.
  uint16_t version_major() const { return version_major_; }
  uint16_t version_minor() const { return version_minor_; }

 private:
  template <bool kSwapped>
  Step take_as(ByteReader& in, PacketBatch& batch, int64_t limit_ns);

  bool swapped_;
  uint16_t version_major_;
  uint16_t version_minor_;
  uint16_t link_type_;
  uint32_t fraction_ns_;  // nanoseconds of one unit of the second time field
  size_t record_header_;  // 16, or 24 in the modified variant
};

}  // namespace rtpsonde
