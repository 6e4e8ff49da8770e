// Summaries as HEP frames: each gives one RTP report or two, and what RTCP said.
import { TimeSlice } from '../../ops/time-slice.js';
import type { SummaryLine } from '../exporter.js';
import { summaryOf } from '../summary-of.js';
import { encodeFrame, type HepFrame, HepProtocol } from './frame.js';
import { rtcpReports } from './rtcp-report.js';
import { correlationIdOf, type Measured, mosHundredths, rtpReport, spanOf } from './rtp-report.js';

export interface FrameOptions {
  captureId: number;
  /** Null: the name of the probe. */
  nodeName: string | null;
  password: string | null;
  /** Protocol type of RTP reports. */
  rtpReport: 34 | 35 | 'both';
  /** Whether to send what RTCP said. */
  rtcp: boolean;
  /** Names the sender in reports. */
  software: string;
}

export interface Frames {
  frames: Buffer[];
  /** Bytes of the largest. */
  largest: number;
  /** Whether a summary had a frame above MAX_FRAME_BYTES. */
  hasTooLarge: boolean;
}

const PROTOCOLS = {
  34: [HepProtocol.rtpFull],
  35: [HepProtocol.rtpShort],
  both: [HepProtocol.rtpFull, HepProtocol.rtpShort],
} as const;

/** In the order of the batch; summaries of the capture give none. Works in slices. */
export async function framesOf(batch: readonly SummaryLine[], options: FrameOptions): Promise<Frames> {
  const slice = new TimeSlice();
  const measured: Measured[] = [];
  const byStream = new Map<string, Measured>();
  for (const line of batch) {
    if (slice.isOver()) await slice.next();
    if (line.kind === 'capture') continue;
    const summary = summaryOf(line) as Measured;
    measured.push(summary);
    byStream.set(spanKey(summary, summary.streamId), summary);
  }
  const result: Frames = { frames: [], largest: 0, hasTooLarge: false };
  for (const summary of measured) {
    if (slice.isOver()) await slice.next();
    for (const frame of framesOfSummary(summary, oppositeOf(summary, byStream), options)) {
      const bytes = encodeFrame(frame);
      if (bytes === null) result.hasTooLarge = true;
      else result.frames.push(bytes);
      result.largest = Math.max(result.largest, bytes?.length ?? 0);
    }
  }
  return result;
}

/** The opposite direction over the same time, when each is that of the other; null when not at hand. */
function oppositeOf(summary: Measured, byStream: ReadonlyMap<string, Measured>): Measured | null {
  if (summary.reverse === null) return null;
  const opposite = byStream.get(spanKey(summary, summary.reverse.streamId));
  return opposite?.reverse?.streamId === summary.streamId ? opposite : null;
}

/** The same for both directions over the same time. */
const spanKey = (summary: Measured, streamId: string) =>
  `${streamId} ${summary.kind === 'window' ? summary.windowEnd : 'whole'}`;

function framesOfSummary(summary: Measured, reverse: Measured | null, options: FrameOptions): HepFrame[] {
  const { captureId, password } = options;
  const common = {
    captureId,
    password,
    nodeName: options.nodeName ?? summary.probe,
    correlationId: correlationIdOf(summary),
  };
  const { src, srcPort, dst, dstPort } = summary;
  const along = { src, srcPort, dst, dstPort };
  const against = { src: dst, srcPort: dstPort, dst: src, dstPort: srcPort };
  const payload = Buffer.from(rtpReport(summary, options.software));
  const rtp = PROTOCOLS[options.rtpReport].map(
    (protocol): HepFrame => ({
      protocol,
      ...along,
      ...spanOf(summary).end,
      ...common,
      mosHundredths: mosHundredths(summary),
      payload,
    }),
  );
  if (!options.rtcp) return rtp;
  const rtcp = rtcpReports(summary, reverse).map(
    ({ way, at, json }): HepFrame => ({
      protocol: HepProtocol.rtcp,
      ...(way === 'with-stream' ? along : against),
      ...at,
      ...common,
      mosHundredths: null,
      payload: Buffer.from(json),
    }),
  );
  return [...rtp, ...rtcp];
}
