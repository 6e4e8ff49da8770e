// Reassembly of IPv4 (RFC 791) and IPv6 (RFC 8200 4.5) fragments in a table of
// fixed size, so that no traffic can make it grow.
//
// Every fragment given to the table is counted here and stays countable: in
// fragmentsHeld while its datagram is incomplete, then in fragmentsReassembled
// or under the reason why the datagram was given up.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/counters.h"
#include "core/capture/packet_source.h"
#include "core/decode/address.h"
#include "core/decode/layer.h"

namespace rtpsonde {

struct FragmentOptions {
  uint32_t max_datagrams = 64;         // datagrams under way at once, at least 1
  int64_t timeout_ns = 5'000'000'000;  // packet time from the first fragment
};

// What the fragments of one datagram have in common. VLAN and tunnel belong to
// it: a mirror port may show the same packets in several, and each copy is whole.
struct FragmentKey {
  Address src;
  Address dst;
  uint32_t id;
  uint16_t vlan;
  uint8_t ip_version;
  uint8_t protocol;
  uint64_t path;  // digest of the tunnels around the fragment, 0 without any

  bool operator==(const FragmentKey&) const = default;
};

struct Fragment {
  FragmentKey key;
  int64_t ts_ns;
  Layer content;
  uint32_t offset;  // bytes, a multiple of 8
  bool more;        // the M flag: not the last one
  uint8_t dscp;
  uint8_t ttl;
};

// A whole datagram. A snap length may have left gaps in it: content.bytes is
// what was captured without a gap from its beginning, in whole units of 8 bytes.
struct Reassembled {
  Layer content;
  uint8_t dscp;  // of the first fragment, as a receiver would see it
  uint8_t ttl;
};

class FragmentTable {
 public:
  explicit FragmentTable(const FragmentOptions& options);

  // Nothing: the fragment completed its datagram, which is in `whole`; its bytes
  // stay in place for the next PacketBatch::kCapacity packets, so until the batch
  // is done. A fragment that lies in such a datagram ends the use of it. Otherwise the counter under which
  // the fragment is now (fragmentsHeld or malformedFragment); the caller adds it.
  End insert(const Fragment& fragment, Counters& counters, Reassembled& whole);

  // Gives up datagrams whose first fragment came timeout_ns or more before
  // now_ns; all of them with INT64_MAX.
  void expire(int64_t now_ns, Counters& counters);

 private:
  static constexpr uint32_t kMaxLen = 65535;
  static constexpr uint32_t kUnit = 8;  // offsets are multiples of it
  static constexpr size_t kUnits = (kMaxLen + 1) / kUnit;

  struct Slot {
    FragmentKey key;
    int64_t first_ns;
    uint64_t held;            // packets in fragmentsHeld
    uint32_t end;             // where the furthest fragment ends
    uint32_t total_len;       // 0 until the last fragment has come
    uint32_t received_units;  // bits set in `received`
    bool given_up;            // malformed: takes the rest of the datagram along
    uint8_t dscp;
    uint8_t ttl;
    uint8_t* buffer;               // kMaxLen + 1 bytes
    std::bitset<kUnits> received;  // units that were on the wire
    std::bitset<kUnits> captured;  // units that are in `buffer`
  };

  Slot& find_or_start(const Fragment& fragment, Counters& counters);
  void make_room(int64_t now_ns, Counters& counters);
  bool add(Slot& slot, const Fragment& fragment);
  void finish(Slot& slot, const Fragment& fragment, Reassembled& whole);
  bool timed_out(const Slot& slot, int64_t now_ns) const;
  void release(Slot& slot, Counter fate, Counters& counters);

  int64_t timeout_ns_;
  uint64_t next_order_ = 0;
  size_t in_use_ = 0;
  std::vector<uint32_t> tags_;    // of each slot: hash of its key, 0 when free
  std::vector<uint64_t> orders_;  // of each slot: when it was taken, counted in datagrams
  std::vector<Slot> slots_;
  std::unique_ptr<uint8_t[]> memory_;                        // of all buffers; the kernel maps what is used
  std::array<uint8_t*, PacketBatch::kCapacity> finished_{};  // buffers of the latest whole datagrams
  size_t next_finished_ = 0;
};

}  // namespace rtpsonde
