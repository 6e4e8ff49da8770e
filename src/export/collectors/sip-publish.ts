// Voice quality reports by SIP PUBLISH.
import type { Collector, ConfigOf } from '../collector.js';
import { peerOf, SipPublishExporter } from '../sip/exporter.js';

export const sipPublish: Collector<ConfigOf<'sip-publish'>> = {
  type: 'sip-publish',
  title: 'SIP PUBLISH, vq-rtcpxr (RFC 6035)',
  promise:
    'At least once: a report is delivered when the collector answers 2xx. Over UDP a request is repeated until it is answered (RFC 3261 17.1.2).',
  recognise: '`Call-ID` of the PUBLISH and `SummaryID` in the report: made of the `id` of the summary.',
  mapping: `
A \`VQSessionReport: CallTerm\` for a stream at its end, a \`VQIntervalReport\` for a window (with \`include: [stream,
window]\`). Local is the receiver of the stream, remote its sender. What is unknown is left out; video is left out as a whole.

| parameter | of the summary | unit |
| --- | --- | --- |
| \`CallID\` | \`rtp-\` and \`pairId\`, the same for both directions | |
| \`LocalID\`, \`RemoteID\` | \`sip:\` and \`dst\`, \`src\`; \`OrigID\` is anonymous | |
| \`LocalAddr\`, \`RemoteAddr\` | \`dst\`, \`dstPort\`; \`src\`, \`srcPort\`, \`ssrc\`. The SSRC of the receiver comes from its RTCP, 0x0 without | |
| \`START\`, \`STOP\` | \`start\`, \`end\` of the stream, or the window | UTC |
| \`PT\`, \`PD\`, \`SR\`, \`PPS\` | \`payloadType\`, \`codec\`, \`clockRate\`, 1000 / \`packetTimeMs\` | Hz, 1/s |
| \`SSUP\` | \`on\` when comfort noise or talk spurts were seen | |
| \`JBA\`, \`JBN\` | the emulated buffer that the MOS uses: 2 fixed, 3 adaptive; \`playout.bufferMeanMs\` | ms |
| \`NLR\` | \`lossAfterRepair.ratio\`, else \`networkLoss.ratio\` | % |
| \`JDR\` | \`discardRatio\` of that buffer | % |
| \`BLD\`, \`BD\`, \`GLD\`, \`GD\`, \`GMIN\` | \`burstGap\` (RFC 3611 4.7.2) | %, ms, %, ms, packets |
| \`RTD\` | \`legs\`: mean round trips on both sides of the tap, added | ms |
| \`ESD\` | \`endpoint.endSystemDelayMs\` | ms |
| \`IAJ\`, \`MAJ\` | \`jitterMs.mean\` (RFC 3550 A.8), \`delayVariationMs.mapdv2\` (G.1020) | ms, whole |
| \`SL\`, \`NL\` | \`speech\` | dBm0 |
| \`MOSLQ\`, \`MOSCQ\`, \`QoEEstAlg\` | \`mos.lq\`, \`mos.cq\`, the E-model: \`G.107\` narrowband, \`G.107.1\` wideband, \`G.107.2\` fullband | 1..4.5 |
| \`RCQ\` | \`mos.r\`, of narrowband alone: RFC 6035 knows no R above 120 | 0..93.2 |
`.trim(),
  example: `
- type: sip-publish
  name: vq
  host: collector.example
  transport: udp
`,
  notes: `
* Answers: 2xx delivers. 408, 480, 491 and 5xx are tried again, not before \`Retry-After\`. 401, 403, 407 (there is no
  digest authentication), redirects, and 404, 405, 489 or 501 (no such collector there) are tried again once a minute
  and said in the log. Any other 4xx or 6xx refuses the report, which is dropped and counted.
* Over UDP a request above 1300 bytes is not sent but dropped and counted (RFC 3261 18.1.1); TCP has no such limit.
* Homer 11 takes such reports on port 5063.
`,
  words: (options) => `PUBLISH of vq-rtcpxr to ${peerOf(options)}`,
  create(options, deps) {
    const { name, host, port, transport, tls = {}, maxInFlight, timeoutSeconds } = options;
    const { requestUri = null, from = null, group = null } = options;
    const timeoutMs = timeoutSeconds * 1000;
    return new SipPublishExporter(
      {
        name,
        host,
        port,
        transport,
        tls,
        requestUri,
        from,
        group,
        maxInFlight,
        timeoutMs,
        version: deps.version,
      },
      deps,
    );
  },
};
