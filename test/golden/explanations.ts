// Every difference between our figures and the oracle of the shared captures, by
// name. What the names mean stands in docs/accuracy.md.

/** Why a figure differs; each has a section in docs/accuracy.md. */
export const reasons = [
  // tshark leaves the spacing of marked packets out of its maximum.
  'marker-skipped-by-tshark',
  // Several packets, no two with adjacent sequence numbers.
  'never-in-sequence',
  // One packet alone is no stream.
  'single-packet',
  // Another protocol whose first octet looks like RTP version 2.
  'not-rtp',
  // tshark leaves the spacing of comfort noise, and of the packet after it, out of its maximum.
  'comfort-noise-skipped-by-tshark',
  // tshark leaves packets whose timestamp lies before that of the first one out of its maximum.
  'timestamp-before-first-skipped-by-tshark',
  // tshark decodes the rest of the stream as T.38, as signalling announced it.
  'tshark-handed-over',
  // The packet that ends a silence is no jitter sample.
  'dtx-reanchored',
  // Comfort noise, and the packet after it, are no jitter samples.
  'comfort-noise-excluded',
  // A frame of several packets is one jitter sample.
  'same-timestamp-not-sampled',
  // Captured on two interfaces: each packet is there twice and measured once.
  'span-copies-excluded',
] as const;

export type Reason = (typeof reasons)[number];

export interface Explanation {
  capture: string;
  /** As `keyOf` writes it. */
  stream: string;
  reason: Reason;
  /** Our value of each field that differs; packets null: we have no such stream. */
  ours: Readonly<Record<string, number | null>>;
}

const explain = (
  reason: Reason,
  capture: string,
  streams: Readonly<Record<string, Explanation['ours']>>,
): Explanation[] => Object.entries(streams).map(([stream, ours]) => ({ capture, stream, reason, ours }));

const absent = { packets: null };

export const explanations: readonly Explanation[] = [
  ...explain('marker-skipped-by-tshark', 'cisco-g722-h264.pcapng', {
    '172.22.65.111:20248 > 172.28.45.135:8074 0x156f644c': { deltaMax: 55.997 },
  }),
  ...explain('marker-skipped-by-tshark', 'dtmf-sip-call.cap', {
    '192.168.105.172:4376 > 192.168.105.110:4376 0x5711bf84': { deltaMax: 30.256 },
  }),
  ...explain('marker-skipped-by-tshark', 'reorder-sip-video.pcap', {
    '21.0.0.35:10110 > 22.0.0.6:10110 0x7d6428b7': { deltaMax: 587.748 },
    '22.0.0.6:10110 > 21.0.0.35:10110 0x80c6cf97': { deltaMax: 571.945 },
  }),
  ...explain('marker-skipped-by-tshark', 'rtpdump-vp8.pcap', {
    '192.0.2.1:40000 > 192.0.2.2:40002 0x00000539': { deltaMax: 52 },
  }),
  ...explain('marker-skipped-by-tshark', 'sip-rtp-rtcp-mgcp.pcap', {
    '200.57.7.196:40376 > 200.57.7.204:8000 0x58f33dea': { deltaMax: 1600.387 },
    '200.57.7.199:4800 > 200.57.7.196:40378 0x58f33dea': { deltaMax: 1600.117 },
  }),
  ...explain('never-in-sequence', 'encap-zoo-synthetic.pcap', {
    '192.0.2.30:50000 > 198.51.100.30:7000 0x08192a3b': absent,
  }),
  ...explain('single-packet', 'encap-zoo-synthetic.pcap', {
    '192.0.2.30:50000 > 198.51.100.30:7000 0x091a2b3c': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0a1b2c3d': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0b1c2d3e': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0c1d2e3f': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0d1e2f40': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0e1f3041': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x0f203142': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x10213243': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x11223344': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x12233445': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x13243546': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x14253647': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x15263748': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x16273849': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x1728394a': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x28394a5b': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x293a4b5c': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2a3b4c5d': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2b3c4d5e': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2c3d4e5f': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2d3e4f60': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2e3f5061': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x2f405162': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x30415263': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x31425364': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x32435465': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x33445566': absent,
    '192.0.2.30:50000 > 198.51.100.30:7000 0x34455667': absent,
  }),
  ...explain('single-packet', 'ipv6-rtp.pcap', {
    'fd01:abab:cdcd:efe0:8655:ab4d:6299:e315:40004 > fd01:cafe::1:6000 0x359f41e4': absent,
  }),
  ...explain('single-packet', 'sip-fuzz-2006.pcap', {
    '192.168.1.2:30000 > 212.242.33.36:40392 0x37968baa': absent,
    '192.168.1.2:30000 > 212.242.33.36:40392 0xaaaaaaaa': absent,
    '192.168.1.2:30000 > 214.242.33.36:40392 0x3796cb71': absent,
    '192.168.1.2:30000 > 37.115.0.36:40392 0x3796cb71': absent,
    '192.168.1.3:30000 > 212.242.33.36:40392 0x3796cb71': absent,
    '81.168.1.2:30000 > 212.242.33.36:40392 0x3796cb71': absent,
  }),
  ...explain('single-packet', 'webrtc-whatsapp-voice.pcap', {
    '192.168.2.12:56328 > 31.13.86.48:3478 0xf50386f4': absent,
  }),
  ...explain('not-rtp', 'frag-ipv4-mix.pcap', {
    '10.118.213.211:2049 > 10.118.213.212:789 0x00000000': absent,
    '10.118.213.212:789 > 10.118.213.211:2049 0x00000002': absent,
  }),
  ...explain('timestamp-before-first-skipped-by-tshark', 'megaco-sip-t38-cn.pcap', {
    '10.23.1.52:16756 > 10.35.60.100:15580 0x17d90134': { deltaMax: 286.074 },
  }),
  ...explain('comfort-noise-skipped-by-tshark', 'sip-prack-cn-rtcp.pcap', {
    '10.33.6.100:6020 > 10.33.6.101:6040 0x44c61afb': { deltaMax: 3460.331 },
    '10.33.6.101:6040 > 10.33.6.100:6020 0x06c156fd': { deltaMax: 180.062 },
  }),
  ...explain('tshark-handed-over', 'megaco-sip-t38-cn.pcap', {
    '10.35.60.100:15580 > 10.23.1.52:16756 0x0eaf0eaf': { packets: 159 },
  }),
  ...explain('dtx-reanchored', 'reorder-sip-video.pcap', {
    '21.0.0.35:10110 > 22.0.0.6:10110 0x7d6428b7': { jitterMax: 10.318449, jitterMean: 6.241365 },
    '22.0.0.6:10110 > 21.0.0.35:10110 0x80c6cf97': {
      jitterMax: 9.513437,
      jitterMean: 6.443721,
      jitterLast: 7.757852,
    },
  }),
  ...explain('dtx-reanchored', 'sip-rtp-rtcp-mgcp.pcap', {
    '200.57.7.196:40376 > 200.57.7.204:8000 0x58f33dea': { jitterMax: 0.246817, jitterMean: 0.096974 },
    '200.57.7.199:4800 > 200.57.7.196:40378 0x58f33dea': { jitterMax: 0.07415 },
  }),
  ...explain('comfort-noise-excluded', 'sip-prack-cn-rtcp.pcap', {
    '10.33.6.100:6020 > 10.33.6.101:6040 0x44c61afb': { jitterMean: 0.30251, jitterLast: 0.150475 },
    '10.33.6.101:6040 > 10.33.6.100:6020 0x06c156fd': { jitterMean: 2.39876, jitterLast: 2.611523 },
  }),
  ...explain('same-timestamp-not-sampled', 'video-h263-sip.pcap', {
    '192.168.6.199:57128 > 192.168.6.199:32976 0x5482ece0': {
      jitterMax: 44.875073,
      jitterMean: 26.688768,
      jitterLast: 44.875073,
    },
  }),
  ...explain('same-timestamp-not-sampled', 'vlan-rtp-mix.pcapng', {
    '10.204.220.71:6000 > 10.204.220.171:6000 0x00001646': {
      jitterMax: 0.23617,
      jitterMean: 0.12289,
      jitterLast: 0.23617,
    },
  }),
  ...explain('span-copies-excluded', 'rtp-amrnb-sll.pcap', {
    '10.120.76.36:1128 > 10.175.69.220:1236 0x0025b105': { packets: 526, duplicates: 0, deltaMax: 734.721 },
    '10.120.76.36:1130 > 10.175.69.220:1236 0x00612603': { packets: 264, duplicates: 0, deltaMax: 220.243 },
    '10.120.76.36:1132 > 10.175.69.220:1236 0x40c1b512': { packets: 59, duplicates: 0, deltaMax: 40.04 },
    '10.120.76.36:1134 > 10.175.69.220:1236 0x401dd106': { packets: 120, duplicates: 0, deltaMax: 73.957 },
  }),
];
