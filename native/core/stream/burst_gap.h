// Burst and gap metrics with constant state: a bad packet is one that was lost,
// or came but was discarded. Good packets cost nothing: only bad ones are told.
#pragma once

#include <cstdint>

namespace rtpsonde {

// Sums of RFC 3611 4.7.2; a window's are the difference of two.
struct BurstGapSums {
  uint64_t burst_squares;  // of the lengths of bursts, packets²
  uint32_t bad;
  uint32_t bad_runs;
  uint32_t bursts;
  uint32_t burst_packets;
  uint32_t burst_bad;
  uint32_t decided;  // sequence numbers told as good or bad so far, modulo 2^32
};

// Counters of the Markov approximation in RFC 3611 A.2, under their names there.
struct BurstGapA2 {
  uint32_t lost;
  uint32_t c11, c13, c14, c22, c23, c33;
};

// Zero but for `gmin` is a stream without a bad packet. Positions are sequence numbers counted
// from the beginning of the stream, modulo 2^32, told in ascending order.
struct BurstGap {
  BurstGapSums sums;
  BurstGapA2 a2;
  uint32_t first;       // of the open cluster of bad packets
  uint32_t in_cluster;  // bad packets of it; 0: none is open
  uint32_t after_bad;   // the position after the last bad packet
  uint32_t burst_end;   // the position after the last burst
  uint16_t gmin;        // good packets that end a burst; set before the first call
  bool starts_in_burst;

  void bad_packet(uint32_t position);
  // So many bad packets in a row.
  void bad_packets(uint32_t position, uint32_t count);
  // Positions before `decided` are told, unless more were; a cluster that has Gmin good ones behind it ends.
  void settle(uint32_t decided);
  // The end: it counts as followed by Gmin good packets (RFC 3611 4.7.2).
  void finish(uint32_t decided);

 private:
  void close_cluster();
};

// Means and densities; NaN where nothing is there to divide by.
struct BurstGapMetrics {
  double burst_density;  // 0..1
  double gap_density;
  double burst_packets;  // mean length
  double gap_packets;
};

// By RFC 3611 4.7.2 from the sums of an interval with so many gap periods.
BurstGapMetrics burst_gap_metrics(const BurstGapSums& sums, uint32_t gap_periods);

// Periods between bursts that are not empty, of a stream that finish() has closed.
uint32_t gap_periods(const BurstGap& state);

// By RFC 3611 A.2, literally: without a flush, packets after the last bad one are left out.
BurstGapMetrics burst_gap_metrics(const BurstGapA2& counters);

}  // namespace rtpsonde
