// See pcapng_reader.h.
#include "core/capture/pcapng_reader.h"

#include <algorithm>

#include "core/base/prefetch.h"

namespace rtpsonde {
namespace {

constexpr uint32_t kSectionHeader = 0x0a0d0d0a;  // the same in both byte orders
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kObsoletePacket = 2;
constexpr uint32_t kSimplePacket = 3;
constexpr uint32_t kEnhancedPacket = 6;
constexpr uint32_t kByteOrderMagic = 0x1a2b3c4d;

// Type, length and length again: every block has these.
constexpr uint32_t kFrameBytes = 12;
// Blocks that are taken apart have to fit in the buffer: a packet and options.
constexpr uint32_t kMaxBlockBytes = kMaxPacketBytes + 512 * 1024;
// More interfaces than any machine has; a file may not make us grow for ever.
constexpr size_t kMostInterfaces = 65536;
constexpr size_t kLookAhead = 1536;

constexpr uint16_t kEndOfOptions = 0;
constexpr uint16_t kTimeResolution = 9;
constexpr uint16_t kTimeOffset = 14;

bool is_taken_apart(uint32_t type) {
  return type == kEnhancedPacket || type == kObsoletePacket || type == kSimplePacket ||
         type == kInterfaceDescription || type == kSectionHeader;
}

}  // namespace

bool PcapngReader::recognises(const uint8_t* block) {
  if (load_u32<false>(block) != kSectionHeader) return false;
  return load_u32<false>(block + 8) == kByteOrderMagic || load_u32<true>(block + 8) == kByteOrderMagic;
}

PcapngReader::Block PcapngReader::fail(std::string why) {
  why_ = std::move(why);
  return Block::kBroken;
}

// A packet that no interface description belongs to: the blocks after it can
// still be read.
PcapngReader::Block PcapngReader::leave_out(uint32_t id) {
  packets_++;
  if (!said_no_interface_) {
    notes_.push_back("packet " + std::to_string(packets_) + " names interface " + std::to_string(id) +
                     ", which the file does not describe; such packets are left out");
    said_no_interface_ = true;
  }
  return Block::kDone;
}

// draft-ietf-opsawg-pcapng section 4.1; the byte order may change here:
//
//  0 |                   Block Type = 0x0A0D0D0A                     |
//  4 |                      Block Total Length                       |
//  8 |                Byte-Order Magic = 0x1A2B3C4D                  |
// 12 |          Major Version        |         Minor Version         |
// 16 |                         Section Length                        |
// 24 |                   Options, Block Total Length                 |
PcapngReader::Block PcapngReader::section(const uint8_t* block, uint32_t total) {
  if (total < kHeaderBytes) return fail("a section header of " + std::to_string(total) + " bytes");
  const uint16_t major = swapped_ ? load_u16<true>(block + 12) : load_u16<false>(block + 12);
  if (major != 1) return fail("pcapng version " + std::to_string(major) + " is not known");
  interfaces_.clear();
  in_section_ = true;
  return Block::kDone;
}

// draft-ietf-opsawg-pcapng section 4.2:
//
//  8 |            LinkType           |           Reserved            |
// 12 |                            SnapLen                            |
// 16 |              Options: code (16), length (16), value           |
template <bool kSwapped>
PcapngReader::Block PcapngReader::interface_description(const uint8_t* block, uint32_t total) {
  if (total < 20) return fail("an interface description of " + std::to_string(total) + " bytes");
  if (interfaces_.size() == kMostInterfaces) return fail("more than 65536 interfaces");
  Interface added;
  added.link_type = normal_link_type(load_u16<kSwapped>(block + 8));
  added.snap_length = load_u32<kSwapped>(block + 12);
  const uint8_t* option = block + 16;
  const uint8_t* const end = block + total - 4;
  while (end - option >= 4) {
    const uint16_t code = load_u16<kSwapped>(option);
    const uint16_t length = load_u16<kSwapped>(option + 2);
    option += 4;
    if (code == kEndOfOptions || length > end - option) break;
    if (code == kTimeResolution && length >= 1) added.time.set_resolution(*option);
    if (code == kTimeOffset && length >= 8) {
      added.time.set_offset(static_cast<int64_t>(load_u64<kSwapped>(option)));
    }
    const auto padded = static_cast<ptrdiff_t>((length + 3u) & ~3u);
    option += std::min(padded, end - option);
  }
  interfaces_.push_back(added);
  return Block::kDone;
}

// draft-ietf-opsawg-pcapng section 4.3; the obsolete block (appendix A) differs
// in the first word only: interface (16), drops (16).
//
//  8 |                         Interface ID                          |
// 12 |                        Timestamp (High)                       |
// 16 |                        Timestamp (Low)                        |
// 20 |                    Captured Packet Length                     |
// 24 |                    Original Packet Length                     |
// 28 |           Packet Data, padded to 32 bits; options             |
template <bool kSwapped>
PcapngReader::Block PcapngReader::packet(const uint8_t* block, uint32_t type, uint32_t total, PacketView& out,
                                         int64_t limit_ns) {
  if (total < 32) return fail("a packet block of " + std::to_string(total) + " bytes");
  const uint32_t captured = load_u32<kSwapped>(block + 20);
  if (captured > total - 32 || captured > kMaxPacketBytes) {
    return fail("the packet claims " + std::to_string(captured) + " captured bytes in a block of " +
                std::to_string(total));
  }
  const uint32_t id = type == kEnhancedPacket ? load_u32<kSwapped>(block + 8) : load_u16<kSwapped>(block + 8);
  if (id >= interfaces_.size()) return leave_out(id);
  const Interface& from = interfaces_[id];
  const uint64_t ticks =
      static_cast<uint64_t>(load_u32<kSwapped>(block + 12)) << 32 | load_u32<kSwapped>(block + 16);
  const int64_t ts_ns = from.time.to_ns(ticks);
  if (ts_ns > limit_ns) {
    head_ns_ = ts_ns;
    return Block::kLater;
  }
  const uint32_t original = load_u32<kSwapped>(block + 24);
  last_ns_ = ts_ns;
  out.ts_ns = ts_ns;
  out.bytes = {block + 28, captured};
  out.wire_len = original > captured ? original : captured;
  out.link_type = from.link_type;
  out.stripped_vlan = kNoVlan;
  return Block::kTaken;
}

// draft-ietf-opsawg-pcapng section 4.4: no time, no captured length, always the
// first interface. What was captured is the original length, cut to SnapLen.
//
//  8 |                    Original Packet Length                     |
// 12 |              Packet Data, padded to 32 bits                   |
template <bool kSwapped>
PcapngReader::Block PcapngReader::simple_packet(const uint8_t* block, uint32_t total, PacketView& out,
                                                int64_t limit_ns) {
  if (total < 16) return fail("a simple packet block of " + std::to_string(total) + " bytes");
  if (interfaces_.empty()) return leave_out(0);
  const Interface& from = interfaces_.front();
  const uint32_t original = load_u32<kSwapped>(block + 8);
  uint32_t captured = std::min(original, total - 16);
  if (from.snap_length > 0) captured = std::min(captured, from.snap_length);
  if (captured > kMaxPacketBytes) {
    return fail("the packet claims " + std::to_string(captured) + " captured bytes");
  }
  if (last_ns_ > limit_ns) {
    head_ns_ = last_ns_;
    return Block::kLater;
  }
  if (!said_no_time_) {
    notes_.emplace_back(
        "has packets without a time (simple packet blocks), which get the time of the packet before");
    said_no_time_ = true;
  }
  out.ts_ns = last_ns_;
  out.bytes = {block + 12, captured};
  out.wire_len = original;
  out.link_type = from.link_type;
  out.stripped_vlan = kNoVlan;
  return Block::kTaken;
}

// The end of a block too long for the buffer.
Step PcapngReader::finish_skip(ByteReader& in) {
  record_offset_ = block_offset_;
  if (in.skipping() || in.size() < 4) return more_bytes(4, trailer_);
  const uint32_t length = swapped_ ? load_u32<true>(in.data()) : load_u32<false>(in.data());
  if (length != trailer_) {
    return broken("the block begins with length " + std::to_string(trailer_) + " and ends with length " +
                  std::to_string(length));
  }
  in.consume(4);
  trailer_ = 0;
  return Step::kFull;
}

Step PcapngReader::take(ByteReader& in, PacketBatch& batch, int64_t limit_ns) {
  for (;;) {
    if (trailer_ != 0) {
      const Step step = finish_skip(in);
      if (step != Step::kFull) return step;
    }
    const bool before = swapped_;
    const Step step = swapped_ ? take_as<true>(in, batch, limit_ns) : take_as<false>(in, batch, limit_ns);
    // A section in the other byte order began.
    if (step == Step::kFull && swapped_ != before) continue;
    return step;
  }
}

// draft-ietf-opsawg-pcapng section 3.1:
//
//  0 |                          Block Type                           |
//  4 |                      Block Total Length                       |
//  8 |                 Block Body, padded to 32 bits                 |
//    |                      Block Total Length                       |
template <bool kSwapped>
Step PcapngReader::take_as(ByteReader& in, PacketBatch& batch, int64_t limit_ns) {
  const uint8_t* p = in.data();
  const uint8_t* const end = p + in.size();
  size_t count = batch.count;

  const auto stop = [&] {
    batch.count = count;
    leave(in, p);
  };

  while (count < PacketBatch::kCapacity) {
    const auto there = static_cast<size_t>(end - p);
    if (there < kFrameBytes) {
      stop();
      return more_bytes(kFrameBytes);
    }
    const uint32_t type = load_u32<kSwapped>(p);
    if (type == kSectionHeader) {
      const uint32_t magic = load_u32<kSwapped>(p + 8);
      if (magic == __builtin_bswap32(kByteOrderMagic)) {
        stop();
        swapped_ = !kSwapped;
        return Step::kFull;
      }
      if (magic != kByteOrderMagic) {
        stop();
        return broken("a section header without byte-order magic");
      }
    } else if (!in_section_) {
      stop();
      return broken("no section header");
    }
    const uint32_t total = load_u32<kSwapped>(p + 4);
    if (total < kFrameBytes || (is_taken_apart(type) && total > kMaxBlockBytes)) {
      stop();
      return broken("a block of type " + std::to_string(type) + " that claims " + std::to_string(total) +
                    " bytes");
    }
    if (there < total) {
      stop();
      if (is_taken_apart(type)) return more_bytes(total);
      block_offset_ = in.offset();
      trailer_ = total;
      in.skip(total - 4);
      return more_bytes(4, total);
    }
    if (load_u32<kSwapped>(p + total - 4) != total) {
      stop();
      return broken("the block begins with length " + std::to_string(total) + " and ends with length " +
                    std::to_string(load_u32<kSwapped>(in.data() + total - 4)));
    }
    prefetch<128>(p + kLookAhead);
    Block result = Block::kDone;
    if (type == kEnhancedPacket || type == kObsoletePacket) {
      result = packet<kSwapped>(p, type, total, batch.packets[count], limit_ns);
    } else if (type == kSimplePacket) {
      result = simple_packet<kSwapped>(p, total, batch.packets[count], limit_ns);
    } else if (type == kInterfaceDescription) {
      result = interface_description<kSwapped>(p, total);
    } else if (type == kSectionHeader) {
      result = section(p, total);
    }
    if (result == Block::kLater) {
      stop();
      return Step::kLater;
    }
    if (result == Block::kBroken) {
      stop();
      return Step::kBroken;
    }
    if (result == Block::kTaken) {
      count++;
      packets_++;
    }
    p += total;
  }
  stop();
  return Step::kFull;
}

}  // namespace rtpsonde
