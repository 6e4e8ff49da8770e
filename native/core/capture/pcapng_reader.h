// Reads the pcapng format (draft-ietf-opsawg-pcapng): several sections, each in
// its own byte order, with several interfaces, each with its own time unit.
// Blocks without packets are stepped over by their length.
#pragma once

#include "core/capture/pcapng_time.h"
#include "core/capture/record_reader.h"

namespace rtpsonde {

class PcapngReader : public RecordReader {
 public:
  // A section header block without options and the shortest one that can be.
  static constexpr size_t kHeaderBytes = 28;

  // Whether these 12 bytes begin a section header block.
  static bool recognises(const uint8_t* block);

  Step take(ByteReader& in, PacketBatch& batch, int64_t limit_ns) override;
  bool inside_record() const override { return trailer_ != 0; }

 private:
  struct Interface {
    TickScale time;
    uint32_t snap_length = 0;  // 0: no limit
    uint16_t link_type = 0;
  };
  // What a block did to the walk.
  enum class Block { kDone, kTaken, kLater, kBroken };

  template <bool kSwapped>
  Step take_as(ByteReader& in, PacketBatch& batch, int64_t limit_ns);
  template <bool kSwapped>
  Block packet(const uint8_t* block, uint32_t type, uint32_t total, PacketView& out, int64_t limit_ns);
  template <bool kSwapped>
  Block simple_packet(const uint8_t* block, uint32_t total, PacketView& out, int64_t limit_ns);
  template <bool kSwapped>
  Block interface_description(const uint8_t* block, uint32_t total);
  Block section(const uint8_t* block, uint32_t total);
  Step finish_skip(ByteReader& in);
  Block fail(std::string why);
  Block leave_out(uint32_t id);

  std::vector<Interface> interfaces_;
  bool swapped_ = false;
  bool in_section_ = false;
  bool said_no_interface_ = false;
  bool said_no_time_ = false;
  int64_t last_ns_ = 0;        // time of the packet before, for packets without one
  uint32_t trailer_ = 0;       // length that has to stand at the end of the block being skipped, else 0
  uint64_t block_offset_ = 0;  // where that block begins
};

}  // namespace rtpsonde
