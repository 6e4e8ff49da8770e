// One bit per unit of 8 bytes instead of the list of holes of RFC 815: the work
// per fragment is bounded by its length, whatever came before it.
#include "core/decode/fragments.h"

#include <algorithm>
#include <cstring>

namespace rtpsonde {
namespace {

// Tells most keys apart without touching the slots. Never 0.
uint32_t tag_of(const FragmentKey& key) {
  uint64_t hash = key.id ^ key.path;
  for (const Address* address : {&key.src, &key.dst}) {
    hash = (hash ^ load_be64(address->data())) * 0x9e3779b97f4a7c15u;
    hash = (hash ^ load_be64(address->data() + 8)) * 0x9e3779b97f4a7c15u;
  }
  return static_cast<uint32_t>(hash >> 32) | 1u;
}

}  // namespace

FragmentTable::FragmentTable(const FragmentOptions& options) : timeout_ns_(options.timeout_ns) {
  const size_t count = std::max(options.max_datagrams, 1u);
  tags_.resize(count, 0);
  orders_.resize(count, 0);
  slots_.resize(count);
  memory_ = std::make_unique_for_overwrite<uint8_t[]>((count + finished_.size()) * (kMaxLen + 1));
  uint8_t* buffer = memory_.get();
  for (Slot& slot : slots_) {
    slot.buffer = buffer;
    buffer += kMaxLen + 1;
  }
  for (uint8_t*& finished : finished_) {
    finished = buffer;
    buffer += kMaxLen + 1;
  }
}

End FragmentTable::insert(const Fragment& fragment, Counters& counters, Reassembled& whole) {
  Slot& slot = find_or_start(fragment, counters);
  if (slot.given_up) return Counter::kMalformedFragment;
  if (!add(slot, fragment)) {
    counters.move(Counter::kFragmentsHeld, Counter::kMalformedFragment, slot.held);
    slot.held = 0;
    slot.given_up = true;
    return Counter::kMalformedFragment;
  }
  const bool complete = slot.total_len != 0 && slot.received_units == (slot.total_len + kUnit - 1) / kUnit;
  if (!complete) {
    ++slot.held;
    return Counter::kFragmentsHeld;
  }
  finish(slot, fragment, whole);
  release(slot, Counter::kFragmentsReassembled, counters);
  return {};
}

void FragmentTable::expire(int64_t now_ns, Counters& counters) {
  const bool all = now_ns == INT64_MAX;
  for (size_t i = 0; i < slots_.size() && in_use_ > 0; ++i) {
    if (tags_[i] == 0) continue;
    if (all || timed_out(slots_[i], now_ns)) release(slots_[i], Counter::kFragmentTimeout, counters);
  }
}

FragmentTable::Slot& FragmentTable::find_or_start(const Fragment& fragment, Counters& counters) {
  const uint32_t tag = tag_of(fragment.key);
  for (size_t i = 0; i < slots_.size() && in_use_ > 0; ++i) {
    if (tags_[i] != tag || slots_[i].key != fragment.key) continue;
    if (!timed_out(slots_[i], fragment.ts_ns)) return slots_[i];
    release(slots_[i], Counter::kFragmentTimeout, counters);  // the id is used again
    break;
  }
  if (in_use_ == slots_.size()) make_room(fragment.ts_ns, counters);
  const auto free = static_cast<size_t>(std::ranges::find(tags_, 0u) - tags_.begin());
  tags_[free] = tag;
  orders_[free] = next_order_++;
  ++in_use_;
  Slot& slot = slots_[free];
  uint8_t* const buffer = slot.buffer;
  slot = Slot{};
  slot.buffer = buffer;
  slot.key = fragment.key;
  slot.first_ns = fragment.ts_ns;
  return slot;
}

// Gives up the oldest datagram of a full table.
void FragmentTable::make_room(int64_t now_ns, Counters& counters) {
  Slot& oldest = slots_[static_cast<size_t>(std::ranges::min_element(orders_) - orders_.begin())];
  const bool late = timed_out(oldest, now_ns);
  release(oldest, late ? Counter::kFragmentTimeout : Counter::kFragmentTableFull, counters);
}

// False when the fragment cannot be part of the same datagram as the others.
// Bytes that came twice must be the same: RFC 5722 gives up a datagram with any
// overlap, but RFC 8200 4.5 lets exact duplicates pass, and a mirror port makes
// them. What a snap length cut cannot be compared and counts as the same.
bool FragmentTable::add(Slot& slot, const Fragment& fragment) {
  const uint32_t len = fragment.content.wire_len;
  if (len == 0 || len > kMaxLen || fragment.offset + len > kMaxLen) return false;
  if (fragment.more && len % kUnit != 0) return false;
  const uint32_t end = fragment.offset + len;
  slot.end = std::max(slot.end, end);
  if (!fragment.more) {
    if (slot.total_len != 0 && slot.total_len != end) return false;
    slot.total_len = end;
  }
  if (slot.total_len != 0 && slot.end > slot.total_len) return false;

  for (uint32_t at = 0; at < len; at += kUnit) {
    const uint32_t offset = fragment.offset + at;
    const uint32_t unit = offset / kUnit;
    const uint32_t unit_len = std::min(kUnit, len - at);
    if (!slot.received[unit]) {
      slot.received[unit] = true;
      ++slot.received_units;
    }
    if (!fragment.content.bytes.has(at, unit_len)) continue;
    const uint8_t* const bytes = fragment.content.bytes.data + at;
    if (!slot.captured[unit]) {
      std::memcpy(slot.buffer + offset, bytes, unit_len);
      slot.captured[unit] = true;
    } else if (std::memcmp(slot.buffer + offset, bytes, unit_len) != 0) {
      return false;
    }
  }
  if (fragment.offset == 0) {
    slot.dscp = fragment.dscp;
    slot.ttl = fragment.ttl;
  }
  return true;
}

// Hands the buffer over and takes one whose datagram nobody reads any more: that
// which the last fragment lay in, when a tunnel was reassembled on the way to it,
// so that a packet needs one buffer however deep it is nested. Else the oldest.
void FragmentTable::finish(Slot& slot, const Fragment& fragment, Reassembled& whole) {
  uint32_t units = 0;
  while (units * kUnit < slot.total_len && slot.captured[units]) ++units;
  whole.content = {{slot.buffer, std::min(units * kUnit, slot.total_len)}, slot.total_len};
  whole.dscp = slot.dscp;
  whole.ttl = slot.ttl;
  const size_t last = (next_finished_ + finished_.size() - 1) % finished_.size();
  const auto at = reinterpret_cast<uintptr_t>(fragment.content.bytes.data);
  const auto begin = reinterpret_cast<uintptr_t>(finished_[last]);
  const bool nested = at >= begin && at - begin <= kMaxLen;
  std::swap(slot.buffer, finished_[nested ? last : next_finished_]);
  if (!nested) next_finished_ = (next_finished_ + 1) % finished_.size();
}

bool FragmentTable::timed_out(const Slot& slot, int64_t now_ns) const {
  int64_t waited_ns;
  if (__builtin_sub_overflow(now_ns, slot.first_ns, &waited_ns)) return now_ns > slot.first_ns;
  return waited_ns >= timeout_ns_;
}

// Frees the slot; the fragments that it held move to `fate`.
void FragmentTable::release(Slot& slot, Counter fate, Counters& counters) {
  counters.move(Counter::kFragmentsHeld, fate, slot.held);
  tags_[static_cast<size_t>(&slot - slots_.data())] = 0;
  --in_use_;
}

}  // namespace rtpsonde
