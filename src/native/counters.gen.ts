// Generated from native/definitions by `npm run generate`. Do not edit.

/** The fate of a packet or the nature of a counter; see docs/counters.md. */
export type Fate = 'total' | 'used' | 'pending' | 'reason' | 'kernel' | 'event' | 'gauge';

/** Every counter in the order of the block. */
export const counters = [
  { name: 'packets', fate: 'total', doc: "Packets delivered by the source" },
  { name: 'rtp', fate: 'used', doc: "RTP packets counted in an accepted stream" },
  { name: 'rtcp', fate: 'used', doc: "Datagrams that are well-formed RTCP" },
  { name: 'fragmentsReassembled', fate: 'used', doc: "Fragments that became part of a whole datagram; the packet that completed it is counted under the fate of the datagram" },
  { name: 'rtpInProbation', fate: 'pending', doc: "Packets of streams not accepted yet (RFC 3550 A.1)" },
  { name: 'fragmentsHeld', fate: 'pending', doc: "Fragments that wait for the rest of their datagram" },
  { name: 'truncatedLink', fate: 'reason', doc: "Captured bytes end inside the link layer header" },
  { name: 'unsupportedLinkType', fate: 'reason', doc: "The capture has a link type that is not decoded" },
  { name: 'notIp', fate: 'reason', doc: "The frame carries no IP: ARP, LLDP, STP and the like" },
  { name: 'unopenedEncapsulation', fate: 'reason', doc: "ESP, L2TP, MACsec or another tunnel that is not opened, or one that is opened with content of a kind that is not" },
  { name: 'truncatedTunnel', fate: 'reason', doc: "Captured bytes end inside the header of a tunnel" },
  { name: 'malformedTunnel', fate: 'reason', doc: "Version, flags or lengths in the header of a tunnel contradict each other" },
  { name: 'tunnelTooDeep', fate: 'reason', doc: "More than 4 tunnels one within the other" },
  { name: 'truncatedIp', fate: 'reason', doc: "Captured bytes end inside the IP header or its extension headers" },
  { name: 'malformedIp', fate: 'reason', doc: "IP version, header length or total length contradict each other (RFC 791, RFC 8200)" },
  { name: 'tcp', fate: 'reason', doc: "TCP segments" },
  { name: 'icmp', fate: 'reason', doc: "ICMP and ICMPv6, quoted RTP headers included" },
  { name: 'otherIpProtocol', fate: 'reason', doc: "Another protocol over IP: SCTP, OSPF, IGMP and the like" },
  { name: 'malformedFragment', fate: 'reason', doc: "Fragments that overlap with other bytes, exceed 65535 octets or have an impossible length; the whole datagram is given up (RFC 5722)" },
  { name: 'fragmentTimeout', fate: 'reason', doc: "Fragments whose datagram stayed incomplete for the reassembly time" },
  { name: 'fragmentTableFull', fate: 'reason', doc: "Fragments given up because the bounded reassembly table was full" },
  { name: 'truncatedUdp', fate: 'reason', doc: "Captured bytes end before the UDP header or before the RTP or RTCP header in it" },
  { name: 'malformedUdp', fate: 'reason', doc: "UDP length smaller than 8 or larger than the IP payload (RFC 768)" },
  { name: 'udpTooShort', fate: 'reason', doc: "The datagram is too short to be RTP or RTCP (keep-alives and the like)" },
  { name: 'stun', fate: 'reason', doc: "STUN or TURN messages (RFC 7983, first octet 0..3 with the magic cookie)" },
  { name: 'zrtp', fate: 'reason', doc: "ZRTP (RFC 7983, first octet 16..19 with the magic cookie)" },
  { name: 'dtls', fate: 'reason', doc: "DTLS (RFC 7983, first octet 20..63 with a DTLS version)" },
  { name: 'notRtp', fate: 'reason', doc: "Other UDP: not RTP version 2 by the first octet (SIP, DNS, QUIC and the like)" },
  { name: 'malformedRtp', fate: 'reason', doc: "First octet of RTP version 2, but CSRC list, extension or padding cannot be (RFC 3550 A.1)" },
  { name: 'malformedRtcp', fate: 'reason', doc: "Second octet of RTCP, but the lengths of the compound packet do not add up (RFC 3550 A.2)" },
  { name: 'encryptedRtcp', fate: 'reason', doc: "RTCP beside a known stream that does not read as clear text: SRTCP, or damaged" },
  { name: 'rtpUnconfirmed', fate: 'reason', doc: "Looked like RTP but never showed packets in sequence (RFC 3550 A.1), so no stream was made of it" },
  { name: 'streamTableFull', fate: 'reason', doc: "RTP of a new stream that found no room in the table" },
  { name: 'kernelPackets', fate: 'kernel', doc: "Packets the kernel offered to the capture socket, its drops included (tp_packets)" },
  { name: 'kernelDrops', fate: 'kernel', doc: "Packets the kernel dropped because the ring was full (tp_drops)" },
  { name: 'kernelFreezes', fate: 'kernel', doc: "Times the ring froze (tp_freeze_q_cnt)" },
  { name: 'tunnelledPackets', fate: 'event', doc: "Packets whose datagram came in a tunnel, whatever became of it" },
  { name: 'latePackets', fate: 'event', doc: "Packets older than the open window; they count in the open window" },
  { name: 'streamsStarted', fate: 'event', doc: "Streams accepted" },
  { name: 'streamsEnded', fate: 'event', doc: "Streams ended and reported" },
  { name: 'streamsEvicted', fate: 'event', doc: "Streams ended early because the table was full" },
  { name: 'recordsDropped', fate: 'event', doc: "Stream records lost because a sealed block was discarded or no memory was left for it" },
  { name: 'blocksDropped', fate: 'event', doc: "Sealed blocks discarded because nobody took them in time" },
  { name: 'streamsActive', fate: 'gauge', doc: "Accepted streams in the table" },
] as const satisfies readonly { name: string; fate: Fate; doc: string }[];

export type CounterName = (typeof counters)[number]['name'];
