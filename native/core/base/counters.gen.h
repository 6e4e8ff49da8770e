// Generated from native/definitions by `npm run generate`. Do not edit.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rtpsonde {

enum class Counter : uint8_t {
  kPackets,  // Packets delivered by the source
  kRtp,  // RTP packets counted in an accepted stream
  kRtcp,  // Datagrams that are well-formed RTCP
  kFragmentsReassembled,  // Fragments that became part of a whole datagram; the packet that completed it is counted under the fate of the datagram
  kRtpInProbation,  // Packets of streams not accepted yet (RFC 3550 A.1)
  kFragmentsHeld,  // Fragments that wait for the rest of their datagram
  kFilteredOut,  // Packets of a file, or by AF_XDP, that `capture.filter` refuses; with AF_PACKET the kernel drops them, and they are in no counter
  kFilterUnfit,  // Packets of a link type for which `capture.filter` means nothing (`vlan` in raw IP), so that it could not be asked
  kTruncatedLink,  // Captured bytes end inside the link layer header
  kUnsupportedLinkType,  // The capture has a link type that is not decoded
  kNotIp,  // The frame carries no IP: ARP, LLDP, STP and the like
  kUnopenedEncapsulation,  // ESP, L2TP, MACsec or another tunnel that is not opened, or one that is opened with content of a kind that is not
  kTruncatedTunnel,  // Captured bytes end inside the header of a tunnel
  kMalformedTunnel,  // Version, flags or lengths in the header of a tunnel contradict each other
  kTunnelTooDeep,  // More than 4 tunnels one within the other
  kTruncatedIp,  // Captured bytes end inside the IP header or its extension headers
  kMalformedIp,  // IP version, header length or total length contradict each other (RFC 791, RFC 8200)
  kTcp,  // TCP segments
  kIcmp,  // ICMP and ICMPv6, quoted RTP headers included
  kOtherIpProtocol,  // Another protocol over IP: SCTP, OSPF, IGMP and the like
  kMalformedFragment,  // Fragments that overlap with other bytes, exceed 65535 octets or have an impossible length; the whole datagram is given up (RFC 5722)
  kFragmentTimeout,  // Fragments whose datagram stayed incomplete for the reassembly time
  kFragmentTableFull,  // Fragments given up because the bounded reassembly table was full
  kTruncatedUdp,  // Captured bytes end before the UDP header or before the RTP or RTCP header in it
  kMalformedUdp,  // UDP length smaller than 8 or larger than the IP payload (RFC 768)
  kUdpTooShort,  // The datagram is too short to be RTP or RTCP (keep-alives and the like)
  kStun,  // STUN or TURN messages (RFC 7983, first octet 0..3 with the magic cookie)
  kZrtp,  // ZRTP (RFC 7983, first octet 16..19 with the magic cookie)
  kDtls,  // DTLS (RFC 7983, first octet 20..63 with a DTLS version)
  kNotRtp,  // Other UDP: not RTP version 2 by the first octet (SIP, DNS, QUIC and the like)
  kMalformedRtp,  // First octet of RTP version 2, but CSRC list, extension or padding cannot be (RFC 3550 A.1)
  kMalformedRtcp,  // Second octet of RTCP, but the lengths of the compound packet do not add up (RFC 3550 A.2)
  kEncryptedRtcp,  // RTCP beside a known stream that does not read as clear text: SRTCP, or damaged
  kRtpUnconfirmed,  // Looked like RTP but never showed packets in sequence (RFC 3550 A.1), so no stream was made of it
  kStreamTableFull,  // RTP of a new stream that found no room in the table
  kSpanCopies,  // Second and further deliveries of one RTP or RTCP packet by the mirror port (ingress and egress, before and after a router, in a tunnel and plain); the first one is measured
  kShed,  // RTP and RTCP of streams that are not measured, as the worker could not keep up (`capture.overload`)
  kKernelPackets,  // Packets the kernel offered to the capture socket, its drops included (tp_packets; AF_XDP: what our XDP program saw)
  kKernelDrops,  // Packets the kernel dropped because the ring was full (tp_drops; AF_XDP: rx_dropped and rx_ring_full, and packets of a receive queue without a socket)
  kKernelFreezes,  // Times the ring froze (tp_freeze_q_cnt; AF_XDP: times that no frame was free, rx_fill_ring_empty_descs)
  kSoftnetDrops,  // Packets that the kernel dropped before any socket, on all interfaces together, as a CPU's backlog was full (/proc/net/softnet_stat)
  kNicMissed,  // Packets that the network interface had no room for (rx_missed_errors, rx_fifo_errors)
  kNicDropped,  // Packets that the kernel dropped at the network interface (rx_dropped); those that no protocol wanted are among them, which were captured all the same
  kNicErrors,  // Damaged packets at the network interface (rx_errors; some drivers count nicMissed in it too)
  kTunnelledPackets,  // Packets whose datagram came in a tunnel, whatever became of it
  kLatePackets,  // Packets older than the open window; they count in the open window
  kCopyCacheOverwrites,  // Packets forgotten before `measure.spanCopies.windowMs` was over, as too many came; a copy of one would count as an RTP duplicate
  kStreamsStarted,  // Streams accepted
  kStreamsEnded,  // Streams ended and reported
  kStreamsEvicted,  // Streams ended early because the table was full
  kStreamsShed,  // Streams let go as the worker could not keep up; those that were not admitted are not among them
  kRecordsDropped,  // Stream records lost because a sealed block was discarded or no memory was left for it
  kBlocksDropped,  // Sealed blocks discarded because nobody took them in time
  kSoftnetSqueezes,  // Times a CPU had packets left when its time for receiving was over (/proc/net/softnet_stat); near to dropping
  kSuspectedCaptureLoss,  // Packets found missing that, it is suspected, the capture lost and not the network; see docs/accuracy.md, What the tap lost
  kEstimatedCaptureLoss,  // Of suspectedCaptureLoss, packets put down to the capture because the kernel dropped so many
  kCaptureLossUnassigned,  // Of suspectedCaptureLoss, packets of streams that had ended before
  kHardwareTimes,  // Packets with the time stamp of the network card
  kKernelTimes,  // Packets of an interface with the time stamp of the kernel
  kReaderTimes,  // Packets of an interface that got their time when they were read, as the driver leaves the XDP program no room for it
  kTimeSwitches,  // Times that the giver of time stamps changed from one packet to the next: between the two lies a step of the clock
  kCaptureOutages,  // Times that nothing could be captured, as the network interface was down, without carrier or gone
  kCaptureOutageMs,  // How long these were together, in ms
  kOutageLoss,  // Of suspectedCaptureLoss, packets that fell into such a time; this is certain
  kClockSteps,  // Times the capture clock stepped back by more than 50 ms from one packet to the next, or a packet lay alone more than 60 s ahead
  kClockStepMaxMs,  // Largest of these steps in the window just sealed, ms
  kHostClockSteps,  // Live: times the clock of this machine was set forward or back by more than 50 ms
  kCommonGaps,  // Times at which nearly all paths were silent at once
  kCommonGapMs,  // How long these were together, in ms
  kCommonGapsForgotten,  // Gaps of streams that were too many to be held against each other, so that none of their packets is put down to the capture
  kReportsUnmatched,  // Report blocks, feedback and XR blocks about streams that the tap does not see, or that name none when the same datagram speaks of none
  kStreamsActive,  // Accepted streams in the table
  kShedLevel,  // Highest level of shedding in the open window, or the one just sealed, of the worker that sheds most: index into shedAdmittedShares and shedKeptShares; 0 when nothing is shed
  kShedSinceMs,  // When that shedding began, packet time in ms since the Unix epoch; 0 when there was none in the window
};
constexpr size_t kCounterCount = 74;

// The fate of a packet or the nature of a counter; see native/definitions/counters.yaml.
enum class Fate : uint8_t { kTotal, kUsed, kPending, kReason, kKernel, kEvent, kGauge };

// What the values of several workers make together.
enum class Merge : uint8_t { kSum, kMax, kEarliest };

struct CounterInfo {
  const char* name;
  Fate fate;
  Merge merge;
};
inline constexpr CounterInfo kCounterInfo[kCounterCount] = {
    {"packets", Fate::kTotal, Merge::kSum},
    {"rtp", Fate::kUsed, Merge::kSum},
    {"rtcp", Fate::kUsed, Merge::kSum},
    {"fragmentsReassembled", Fate::kUsed, Merge::kSum},
    {"rtpInProbation", Fate::kPending, Merge::kSum},
    {"fragmentsHeld", Fate::kPending, Merge::kSum},
    {"filteredOut", Fate::kReason, Merge::kSum},
    {"filterUnfit", Fate::kReason, Merge::kSum},
    {"truncatedLink", Fate::kReason, Merge::kSum},
    {"unsupportedLinkType", Fate::kReason, Merge::kSum},
    {"notIp", Fate::kReason, Merge::kSum},
    {"unopenedEncapsulation", Fate::kReason, Merge::kSum},
    {"truncatedTunnel", Fate::kReason, Merge::kSum},
    {"malformedTunnel", Fate::kReason, Merge::kSum},
    {"tunnelTooDeep", Fate::kReason, Merge::kSum},
    {"truncatedIp", Fate::kReason, Merge::kSum},
    {"malformedIp", Fate::kReason, Merge::kSum},
    {"tcp", Fate::kReason, Merge::kSum},
    {"icmp", Fate::kReason, Merge::kSum},
    {"otherIpProtocol", Fate::kReason, Merge::kSum},
    {"malformedFragment", Fate::kReason, Merge::kSum},
    {"fragmentTimeout", Fate::kReason, Merge::kSum},
    {"fragmentTableFull", Fate::kReason, Merge::kSum},
    {"truncatedUdp", Fate::kReason, Merge::kSum},
    {"malformedUdp", Fate::kReason, Merge::kSum},
    {"udpTooShort", Fate::kReason, Merge::kSum},
    {"stun", Fate::kReason, Merge::kSum},
    {"zrtp", Fate::kReason, Merge::kSum},
    {"dtls", Fate::kReason, Merge::kSum},
    {"notRtp", Fate::kReason, Merge::kSum},
    {"malformedRtp", Fate::kReason, Merge::kSum},
    {"malformedRtcp", Fate::kReason, Merge::kSum},
    {"encryptedRtcp", Fate::kReason, Merge::kSum},
    {"rtpUnconfirmed", Fate::kReason, Merge::kSum},
    {"streamTableFull", Fate::kReason, Merge::kSum},
    {"spanCopies", Fate::kReason, Merge::kSum},
    {"shed", Fate::kReason, Merge::kSum},
    {"kernelPackets", Fate::kKernel, Merge::kSum},
    {"kernelDrops", Fate::kKernel, Merge::kSum},
    {"kernelFreezes", Fate::kKernel, Merge::kSum},
    {"softnetDrops", Fate::kKernel, Merge::kSum},
    {"nicMissed", Fate::kKernel, Merge::kSum},
    {"nicDropped", Fate::kKernel, Merge::kSum},
    {"nicErrors", Fate::kKernel, Merge::kSum},
    {"tunnelledPackets", Fate::kEvent, Merge::kSum},
    {"latePackets", Fate::kEvent, Merge::kSum},
    {"copyCacheOverwrites", Fate::kEvent, Merge::kSum},
    {"streamsStarted", Fate::kEvent, Merge::kSum},
    {"streamsEnded", Fate::kEvent, Merge::kSum},
    {"streamsEvicted", Fate::kEvent, Merge::kSum},
    {"streamsShed", Fate::kEvent, Merge::kSum},
    {"recordsDropped", Fate::kEvent, Merge::kSum},
    {"blocksDropped", Fate::kEvent, Merge::kSum},
    {"softnetSqueezes", Fate::kEvent, Merge::kSum},
    {"suspectedCaptureLoss", Fate::kEvent, Merge::kSum},
    {"estimatedCaptureLoss", Fate::kEvent, Merge::kSum},
    {"captureLossUnassigned", Fate::kEvent, Merge::kSum},
    {"hardwareTimes", Fate::kEvent, Merge::kSum},
    {"kernelTimes", Fate::kEvent, Merge::kSum},
    {"readerTimes", Fate::kEvent, Merge::kSum},
    {"timeSwitches", Fate::kEvent, Merge::kSum},
    {"captureOutages", Fate::kEvent, Merge::kSum},
    {"captureOutageMs", Fate::kEvent, Merge::kSum},
    {"outageLoss", Fate::kEvent, Merge::kSum},
    {"clockSteps", Fate::kEvent, Merge::kSum},
    {"clockStepMaxMs", Fate::kGauge, Merge::kMax},
    {"hostClockSteps", Fate::kEvent, Merge::kSum},
    {"commonGaps", Fate::kEvent, Merge::kSum},
    {"commonGapMs", Fate::kEvent, Merge::kSum},
    {"commonGapsForgotten", Fate::kEvent, Merge::kSum},
    {"reportsUnmatched", Fate::kEvent, Merge::kSum},
    {"streamsActive", Fate::kGauge, Merge::kSum},
    {"shedLevel", Fate::kGauge, Merge::kMax},
    {"shedSinceMs", Fate::kGauge, Merge::kEarliest},
};

}  // namespace rtpsonde
