// The part of a story about RTCP, both legs and the MOS with what it rests on.
import type { StreamSummary } from '../summary/schema.js';
import { fixed, percent, type Section } from './story-words.js';
import { counted } from './worst-rows.js';

function rtcpLines({ rtcp, rtcpPackets }: StreamSummary): string[] {
  if (rtcp === null)
    return [rtcpPackets === 0 ? 'none seen' : `${rtcpPackets} seen, nothing said of this stream`];
  const { reports, sender, bye } = rtcp;
  const feedback = Object.entries(rtcp.feedback).filter(([, value]) => value !== null && value !== 0);
  return [
    ...(reports === null
      ? []
      : [
          `${counted(reports.count, 'report')} by ${reports.reporter}: lost ${fixed(reports.cumulativeLost, 0)}, at most ${percent(reports.fractionLost.max)}, jitter ${fixed(reports.jitterMs.mean, 2)} ms mean, ${fixed(reports.jitterMs.max, 2)} ms max`,
        ]),
    ...(sender === null
      ? []
      : [
          `${counted(sender.reports, 'sender report')}: ${fixed(sender.packets, 0)} packets sent meanwhile, ${fixed(sender.tapPackets, 0)} seen; clock ${fixed(sender.clockHz, 1)} Hz`,
        ]),
    ...(feedback.length === 0 ? [] : [feedback.map(([name, value]) => `${name} ${value}`).join(', ')]),
    ...(rtcp.srtcpPackets > 0 ? [`${rtcp.srtcpPackets} encrypted (SRTCP)`] : []),
    ...(rtcp.malformedPackets > 0 ? [`${rtcp.malformedPackets} malformed`] : []),
    ...(bye === null
      ? []
      : [`BYE at ${bye.time.slice(11, 23)}${bye.reason === '' ? '' : `: ${bye.reason}`}`]),
  ];
}

function legLines({ legs }: StreamSummary): string[] {
  const line = (who: string, leg: StreamSummary['legs']['downstream']) => {
    const { rttMs } = leg ?? { rttMs: null };
    return rttMs === null
      ? `tap to ${who} and back: not known`
      : `tap to ${who} and back: ${fixed(rttMs.mean, 1)} ms (${fixed(rttMs.min, 1)} to ${fixed(rttMs.max, 1)}, ${counted(rttMs.count, 'time')})`;
  };
  if (legs.downstream === null && legs.upstream === null) return [];
  return [
    line('sender', legs.upstream),
    line('receiver', legs.downstream),
    ...(legs.oneWayDelayMs === null
      ? []
      : [`about ${fixed(legs.oneWayDelayMs, 1)} ms from sender to receiver (estimate)`]),
  ];
}

/** What an endpoint reported, with its own names. */
function endpointLines({ endpoint }: StreamSummary): string[] {
  if (endpoint === null) return [];
  const {
    reportedAt,
    reporterSsrc,
    voipReportedAt: _voip,
    intervalFigures,
    sampledFigures,
    ...metrics
  } = endpoint;
  const spanOf = (name: string) => {
    if (intervalFigures?.includes(name)) return ' (interval)';
    return sampledFigures?.includes(name) ? ' (sampled)' : '';
  };
  const words = Object.entries(metrics).map(
    ([name, value]) =>
      `${name} ${typeof value === 'number' ? Number(value.toFixed(3)) : value}${spanOf(name)}`,
  );
  const lines: string[] = [];
  for (let i = 0; i < words.length; i += 5) lines.push(words.slice(i, i + 5).join(', '));
  return [`at ${reportedAt.slice(11, 23)} by ${reporterSsrc}, not measured here:`, ...lines];
}

const SOURCES = {
  'both-legs': 'half the round trips of both legs',
  'downstream-leg': 'half the round trip to the receiver',
  'upstream-leg': 'half the round trip to the sender',
  assumed: 'assumed',
} as const;

function mosLines({ mos }: StreamSummary): string[] {
  const given = mos.assumptions;
  if (mos.cq === null) return given.notes.slice();
  const { delay } = given;
  const discards =
    given.playoutProfile === null
      ? 'nothing played'
      : `discards of ${given.playoutProfile} ${percent(given.discardRatio)}`;
  return [
    `${fixed(mos.cq, 2)} conversational, ${fixed(mos.lq, 2)} listening, R ${fixed(mos.r, 1)}, scale ${mos.scale}: ${mos.rating}`,
    `${given.codec}: Ie ${given.ie ?? '-'}, Bpl ${given.bpl ?? '-'} (${given.ieSource ?? 'not used'})`,
    `loss and discards ${fixed(given.lossPercent, 2)} % (${discards}), burst ratio ${fixed(given.burstRatio, 2)}`,
    `delay ${fixed(given.delayMs, 1)} ms` +
      (delay === null
        ? ''
        : `: network ${fixed(delay.networkMs, 1)} (${SOURCES[delay.networkSource]}), packet ${fixed(delay.packetizationMs, 1)}, look-ahead ${fixed(delay.lookAheadMs, 1)}, jitter buffer ${fixed(delay.jitterBufferMs, 1)}`),
    ...(given.covers?.mediaShare == null ? [] : [`media in ${percent(given.covers.mediaShare)} of the time`]),
    ...given.notes,
  ];
}

export function qualityLines(stream: StreamSummary): Section[] {
  return [
    ['RTCP', rtcpLines(stream)],
    ['Legs', legLines(stream)],
    ['Endpoint', endpointLines(stream)],
    ['MOS', mosLines(stream)],
  ];
}
