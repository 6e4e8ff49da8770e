// Every difference between the RTCP that we read and the RTCP that tshark reads in
// the shared captures, by name.

/** Why tshark has a frame that we do not read, or the other way round. */
export const frameReasons = {
  'srtcp-parsed-as-clear': 'tshark reads SRTCP as if it were in clear',
  'not-rtcp': 'another protocol, or octets that cannot be RTCP; tshark calls most of them malformed too',
  'below-eight-octets': 'a datagram too short for any classification',
  'unknown-to-heuristic': 'the other leg of a relayed call, to ports that no signalling names to tshark',
} as const;

/** Why the values of a field differ in a frame that both read. */
export const fieldReasons = {
  'type-unknown-to-tshark': 'tshark 4.0 does not know the extended jitter report (RFC 5450)',
  'chunk-without-items': 'tshark tells the source of an SDES chunk that says nothing of it',
  'too-short-for-both-ssrcs': 'feedback without a media source is no feedback (RFC 4585 6.1)',
  'more-sources-than-fit': 'a BYE or REMB that announces more SSRCs than it has is not believed',
  'overhead-of-nine-bits': 'tshark reads 8 bits of the measured overhead (RFC 5104 4.2.1.1 has 9)',
  'item-beyond-its-packet': 'tshark begins an SDES item that does not fit its packet',
} as const;

/** Frames, by capture, that only one of the two reads. */
export const frameExplanations: Readonly<
  Record<string, Partial<Readonly<Record<keyof typeof frameReasons, readonly number[]>>>>
> = {
  'encap-zoo-synthetic.pcap': { 'not-rtcp': [902, 927, 960, 964, 988] },
  'fuzz-rtcp-mediasoup.pcap': {
    'below-eight-octets': [43, 47, 50, 60, 66],
    'not-rtcp': [77, 78, 80, 82, 83, 84, 85, 86],
  },
  'sip-rtp-rtcp-mgcp.pcap': { 'unknown-to-heuristic': [531, 2646] },
  'webrtc-google-meet.pcapng': {
    'srtcp-parsed-as-clear': [
      95, 104, 105, 108, 109, 116, 119, 126, 133, 143, 153, 154, 155, 160, 161, 162, 165, 166, 167,
    ],
  },
  'webrtc-whatsapp-voice.pcap': {
    'srtcp-parsed-as-clear': [466, 502, 532, 549, 586, 604, 628, 638, 658, 668, 677, 699],
  },
};

/** Fields, by capture and frame, whose values differ. */
export const fieldExplanations: Readonly<
  Record<string, Readonly<Record<number, Readonly<Record<string, keyof typeof fieldReasons>>>>>
> = {
  'fuzz-rtcp-mediasoup.pcap': {
    12: { 'rtcp.pt': 'type-unknown-to-tshark' },
    18: { 'rtcp.pt': 'type-unknown-to-tshark' },
    19: { 'rtcp.ssrc.identifier': 'chunk-without-items' },
    21: { 'rtcp.senderssrc': 'too-short-for-both-ssrcs', 'rtcp.rtpfb.fmt': 'too-short-for-both-ssrcs' },
    26: { 'rtcp.rtpfb.tmmbr.fci.measuredoverhead': 'overhead-of-nine-bits' },
    27: { 'rtcp.ssrc.identifier': 'more-sources-than-fit' },
    29: { 'rtcp.psfb.remb.fci.ssrc': 'more-sources-than-fit' },
    30: { 'rtcp.sdes.type': 'item-beyond-its-packet' },
    53: { 'rtcp.senderssrc': 'too-short-for-both-ssrcs', 'rtcp.psfb.fmt': 'too-short-for-both-ssrcs' },
    54: { 'rtcp.rtpfb.tmmbr.fci.measuredoverhead': 'overhead-of-nine-bits' },
    55: { 'rtcp.rtpfb.tmmbr.fci.measuredoverhead': 'overhead-of-nine-bits' },
    58: { 'rtcp.rtpfb.tmmbr.fci.measuredoverhead': 'overhead-of-nine-bits' },
  },
};
