// What is known of each codec: equipment impairment (Ie), packet-loss robustness (Bpl), band, and the
// delays of packetization and look-ahead, each with its source and how far to trust it.
//
// Where G.113 publishes no Bpl, the lowest one published for a codec of the same band that conceals loss
// stands in: narrowband 10.0 (GSM-EFR), wideband 4.3 (AMR-WB 12.65). So an assumption never flatters.
// Delays are from the codec descriptions, recalled rather than looked up: good to a few milliseconds.

import type { Codec, CodecMode, Confidence } from './codecs.js';

const I1 = 'ITU-T G.113 Table I.1';
const I4 = 'ITU-T G.113 Table I.4';
const NB_BPL = 'no Bpl published: 10.0 of GSM-EFR taken';
const WB_BPL = 'no Bpl published: 4.3 of AMR-WB 12.65 taken';
const RECALLED = 'ITU-T G.113 Table I.1, recalled, not looked up';

type Given = Pick<Codec, 'name' | 'modes'> & Partial<Codec>;

/** A narrowband 8 kHz codec in 20 ms packets, unless said otherwise. */
function codec(given: Given): Codec {
  return {
    encodingName: given.name,
    aliases: [],
    clockRate: 8000,
    scale: 'NB',
    frameMs: 20,
    packetMs: 20,
    lookAheadMs: 0,
    payloadHeaderKbps: 0,
    defaultMode: 0,
    ...given,
  };
}

function mode(
  bitrateKbps: number | null,
  ie: number | null,
  bpl: number | null,
  confidence: Confidence,
  source: string,
): CodecMode {
  return { bitrateKbps, ie, bpl, bplUnconcealed: null, confidence, source };
}

/** A mode whose Bpl depends on whether the receiver conceals loss, which a tap cannot see. */
function sampleMode(
  kbps: number,
  ie: number,
  bpl: number,
  confidence: Confidence,
  source: string,
): CodecMode {
  return { ...mode(kbps, ie, bpl, confidence, source), bplUnconcealed: 4.3 };
}

const G711 = [
  sampleMode(64, 0, 25.1, 'high', `${I4}: Bpl 25.1 with the concealment of G.711 Appendix I, 4.3 without`),
];
const g726 = (kbps: number, ie: number) =>
  codec({
    name: `G726-${kbps}`,
    aliases: [`AAL2-G726-${kbps}`, ...(kbps === 32 ? ['G726', 'G721'] : [])],
    frameMs: null,
    modes: [sampleMode(kbps, ie, 10, 'medium', `Ie: ${I1}; ${NB_BPL}, without concealment 4.3 of G.711`)],
  });

const narrowband: Codec[] = [
  codec({ name: 'PCMU', aliases: ['G711', 'G711U', 'ULAW', 'MULAW'], frameMs: null, modes: G711 }),
  codec({ name: 'PCMA', aliases: ['G711A', 'ALAW'], frameMs: null, modes: G711 }),
  codec({
    name: 'G729',
    frameMs: 10,
    lookAheadMs: 5,
    modes: [
      mode(8, 11, 19, 'medium', `${I4}: G.729A with VAD; RTP does not tell which annex of G.729 is in use`),
    ],
  }),
  codec({
    name: 'G729A',
    encodingName: 'G729',
    aliases: ['G729AB', 'G729B', 'G729A+VAD'],
    frameMs: 10,
    lookAheadMs: 5,
    modes: [mode(8, 11, 19, 'high', `${I4}: G.729A with VAD`)],
  }),
  codec({
    name: 'G729A-noVAD',
    encodingName: 'G729',
    aliases: ['G729-noVAD'],
    frameMs: 10,
    lookAheadMs: 5,
    modes: [mode(8, 10, 19, 'medium', `Ie: ${I1}; no Bpl published: 19.0 of G.729A with VAD taken`)],
  }),
  codec({
    name: 'G723',
    aliases: ['G7231'],
    frameMs: 30,
    packetMs: 30,
    lookAheadMs: 7.5,
    modes: [
      mode(6.3, 15, 16.1, 'high', `${I4}: G.723.1 at 6.3 kbit/s with VAD`),
      mode(5.3, 19, 16.1, 'medium', `Ie: ${I1}; no Bpl published: 16.1 of G.723.1 at 6.3 kbit/s taken`),
    ],
  }),
  g726(40, 2),
  g726(32, 7),
  g726(24, 25),
  g726(16, 50),
  codec({
    name: 'G728',
    frameMs: 2.5,
    modes: [
      mode(16, 7, 10, 'medium', `Ie: ${I1}; ${NB_BPL}`),
      mode(12.8, 20, 10, 'medium', `Ie: ${I1}; ${NB_BPL}`),
    ],
  }),
  codec({
    name: 'GSM',
    aliases: ['GSM-FR'],
    modes: [mode(13, 20, 10, 'low', `Ie: ${RECALLED}; ${NB_BPL}`)],
  }),
  codec({
    name: 'GSM-HR-08',
    aliases: ['GSM-HR'],
    lookAheadMs: 4.4,
    modes: [mode(5.6, 23, 10, 'low', `Ie: ${RECALLED}; ${NB_BPL}`)],
  }),
  codec({ name: 'GSM-EFR', modes: [mode(12.2, 5, 10, 'high', I4)] }),
  codec({
    name: 'IS-641',
    encodingName: null,
    lookAheadMs: 5,
    modes: [mode(7.4, 10, 10, 'medium', `Ie: ${I1}; ${NB_BPL}`)],
  }),
];

// G.113 has no value for AMR. 12.2 is the algorithm of GSM-EFR and 7.4 that of IS-641; the Ie of the
// others is read back from the delay bounds that Telektronikk 2/3.2001 ("Internet traffic engineering",
// Table 3) gives beside those of codecs with a known Ie.
const amrBounds = `G.113 has no value; Ie read back from delay bounds in Telektronikk 2/3.2001; ${NB_BPL}`;
const amr = codec({
  name: 'AMR',
  aliases: ['AMR-NB'],
  lookAheadMs: 5,
  payloadHeaderKbps: 0.8,
  modes: [
    mode(12.2, 5, 10, 'proxy', 'G.113 has no value; GSM-EFR, the same algorithm, taken'),
    mode(10.2, 6, 10, 'proxy', amrBounds),
    mode(7.95, 10, 10, 'proxy', amrBounds),
    mode(7.4, 10, 10, 'proxy', `G.113 has no value; IS-641, the same algorithm, taken; ${NB_BPL}`),
    mode(6.7, 14, 10, 'proxy', amrBounds),
    mode(5.9, 17, 10, 'proxy', amrBounds),
    mode(5.15, 20, 10, 'proxy', amrBounds),
    mode(4.75, 21, 10, 'proxy', amrBounds),
  ],
});

const unpublished: Codec[] = [
  codec({
    name: 'iLBC',
    frameMs: 30,
    packetMs: 30,
    lookAheadMs: 10,
    modes: [
      mode(
        null,
        11,
        19,
        'proxy',
        'no value published; G.729A with VAD taken: a study, recalled (Sun and Ifeachor 2006), puts iLBC near G.729 without loss and above it under loss',
      ),
    ],
  }),
  codec({
    name: 'speex',
    lookAheadMs: 10,
    scale: null,
    modes: [mode(null, null, null, 'none', 'no value published, and none near enough to take')],
  }),
  codec({
    name: 'SILK',
    clockRate: 24000,
    lookAheadMs: 5,
    scale: null,
    modes: [mode(null, null, null, 'none', 'no value published; one study, whose scale is unclear')],
  }),
  codec({
    name: 'L16',
    clockRate: 44100,
    frameMs: null,
    scale: null,
    modes: [mode(null, null, null, 'none', 'linear PCM of any band: no value published under loss')],
  }),
];

const amrWbModes = [
  [23.85, 8, 10, 4.9],
  [23.05, 1, 8, 4.6],
  [19.85, 3, null, 4.6],
  [18.25, 5, null, 4.6],
  [15.85, 7, 17, 4.3],
  [14.25, 10, null, 4.3],
  [12.65, 13, 20, 4.3],
  [8.85, 26, 41, 4.3],
  [6.6, 41, 56, 4.3],
] as const;

/** AMR-WB; Bpl is published for three modes, the others take that of the nearest. */
function amrWb(name: string, encodingName: string | null, listening: 'monotic' | 'diotic'): Codec {
  const monotic = listening === 'monotic';
  const ieSource = `Ie: ITU-T G.113 Table ${monotic ? 'IV.1 (one ear)' : 'IV.3 (both ears)'}`;
  const modes: CodecMode[] = [];
  for (const [kbps, oneEar, bothEars, bpl] of amrWbModes) {
    const ie = monotic ? oneEar : bothEars;
    if (ie === null) continue;
    const published = kbps === 23.85 || kbps === 23.05 || kbps === 12.65;
    const bplSource = published
      ? `Bpl: Table IV.4${monotic ? ', found with both ears' : ''}`
      : 'no Bpl published: that of the nearest mode taken';
    modes.push(mode(kbps, ie, bpl, published && !monotic ? 'high' : 'medium', `${ieSource}; ${bplSource}`));
  }
  return codec({
    name,
    encodingName,
    aliases: monotic ? ['G722.2'] : [],
    clockRate: 16000,
    scale: 'WB',
    lookAheadMs: 5.9,
    payloadHeaderKbps: 0.8,
    modes,
    defaultMode: modes.findIndex((m) => m.bitrateKbps === 12.65),
  });
}

const g722 = `Ie,wb recalled from G.113 Table IV.1, to be confirmed: a vendor states 14, 18 and 24 for 64, 56 and 48 kbit/s on an older scale; ${WB_BPL}`;
const g7221 = `Ie,wb recalled from G.113 Table IV.1, to be confirmed; ${WB_BPL}`;
const wideband: Codec[] = [
  codec({
    name: 'G722',
    scale: 'WB',
    frameMs: null,
    lookAheadMs: 1.5,
    modes: [mode(64, 13, 4.3, 'low', g722), mode(56, 20, 4.3, 'low', g722), mode(48, 31, 4.3, 'low', g722)],
  }),
  codec({
    name: 'G7221',
    clockRate: 16000,
    scale: 'WB',
    lookAheadMs: 20,
    modes: [mode(32, 13, 4.3, 'low', g7221), mode(24, 19, 4.3, 'low', g7221)],
  }),
  amrWb('AMR-WB', 'AMR-WB', 'monotic'),
  amrWb('AMR-WB-diotic', null, 'diotic'),
];

const evs = 'ITU-T G.113 Appendix V (both ears); taken as super-wideband, which RTP does not show';
const opus =
  'no ITU value; study by Al-Ahmadi, Pocta and Melvin, ACM TOMM 2021 (super-wideband, VBR, random loss)';
const opusModes = [
  [40, 10.67, 9.79],
  [37, 12.08, 10.38],
  [34, 14.76, 10.12],
  [31, 16.83, 10.44],
  [28, 18.48, 10.63],
  [25, 20.21, 11.28],
  [22, 20.22, 10.47],
  [19, 23.81, 10.67],
  [16, 30.16, 11.83],
  [14, 38.06, 16.51],
] as const;
const fullband: Codec[] = [
  codec({
    name: 'EVS',
    clockRate: 16000,
    scale: 'FB',
    lookAheadMs: 12,
    modes: [
      mode(48, 10.2, 9.6, 'medium', evs),
      mode(32, 8.7, 9.3, 'medium', `${evs}, Erratum 1`),
      mode(24.4, 7.2, 11.4, 'medium', evs),
      mode(16.4, 10.8, 10.3, 'medium', evs),
      mode(13.2, 17.1, 11.7, 'medium', evs),
      mode(9.6, 22.7, 13, 'medium', evs),
    ],
    defaultMode: 4,
  }),
  codec({
    name: 'opus',
    clockRate: 48000,
    scale: 'FB',
    lookAheadMs: 6.5,
    modes: opusModes.map(([kbps, ie, bpl]) => mode(kbps, ie, bpl, 'provisional', opus)),
    defaultMode: 3,
  }),
];

/** Every codec that the table starts with. */
export const knownCodecs: readonly Codec[] = [...narrowband, amr, ...wideband, ...fullband, ...unpublished];
