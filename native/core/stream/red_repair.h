// Losses that redundant copies make good (RFC 2198): for a stream that carries RED,
// which sequence numbers a later packet carried again, beside which ones were seen.
//
// One row per stream that carries RED, from a pool. What has to be called, and when;
// sequence accounting itself stays as it is:
//
//   first RED packet of an accepted stream, after update():
//     row = RedRow{}; red_begin(row, hot.max_seq);
//   every packet of a stream that has a row (RED or not):
//     const SeenWindow seen = hot.seen;                      // before update()
//     const Placement placement = accounting.update(...);
//     red_follow(row, seen, hot.max_seq, placement);
//     if (RED, placement is not kStray)
//       red_cover(row, hot.timestamp_step, header, parsed);
//   before settle_sequence() at the end of a stream:
//     red_settle(row, hot.seen);
//   a window: row.window_repaired(), row.window_primary_octets(), then row.begin_window().
//
// A lost sequence number counts as repaired when it leaves the window of 128 unseen but
// covered, which is when its loss run is decided. So a window may tell a loss and the
// next one its repair; over the whole stream, lost less repaired is what is left.
#pragma once

#include <cstdint>

#include "core/rtp/red.h"
#include "core/rtp/rtp_header.h"
#include "core/stream/sequence.h"
#include "core/stream/state.h"

namespace rtpsonde {

// RED packets whose timestamps went on at the usual step with their sequence numbers. A
// pause of the sender ends the run. Inside a run a timestamp tells the sequence number.
struct RedRun {
  uint32_t first_seq;  // extended
  uint32_t last_seq;   // extended, of the newest packet that was not behind
  uint32_t last_timestamp;
};

struct RedRow {
  SeenWindow covered;        // bit n: sequence number max_seq - n was carried again
  uint32_t max_seq;          // extended, equal to that of the stream
  uint8_t runs;              // 0..2: which of the two below are set
  RedRun run;                // the open one
  RedRun before;             // the one before it
  uint32_t packets;          // RED packets whose headers were read; copies and late ones included
  uint32_t blocks;           // redundant blocks in them, empty ones left out
  uint32_t unplaced;         // of these, blocks of which it is not sure what they repeat
  uint32_t repaired;         // lost sequence numbers that a copy covers, decided so far
  uint32_t sealed_repaired;  // of these, what earlier windows told
  uint64_t primary_octets;   // media of the packets themselves: without headers and copies
  uint64_t sealed_primary_octets;
  uint8_t primary_type = kNoType;  // payload type of that media, noise and events left out; the last one

  static constexpr uint8_t kNoType = 0xff;

  // Covers the media k sequence numbers before the packet `seq` (extended). Nothing
  // happens when k is not 1..127 or the slot is out of the window.
  void cover(uint32_t seq, uint32_t k);

  uint32_t window_repaired() const { return repaired - sealed_repaired; }
  uint64_t window_primary_octets() const { return primary_octets - sealed_primary_octets; }
  void begin_window() {
    sealed_repaired = repaired;
    sealed_primary_octets = primary_octets;
  }
};
static_assert(sizeof(RedRow) <= 128);

// Aligns an empty row, and again after a restart.
void red_begin(RedRow& row, uint32_t max_seq);

// Slots leave the window as the highest number moves on to `max_seq`. `seen` is the
// window of the stream before that.
void red_follow(RedRow& row, const SeenWindow& seen, uint32_t max_seq, Placement placement);

// Decides all slots that are still inside the window.
void red_settle(RedRow& row, const SeenWindow& seen);

// One RED packet, after red_follow(). `step` is the usual step of the timestamp in
// ticks, 0 while unknown.
void red_cover(RedRow& row, uint32_t step, const RtpHeader& header, const RedPayload& red);

}  // namespace rtpsonde
