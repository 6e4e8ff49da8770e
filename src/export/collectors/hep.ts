// RTP reports and RTCP as HEP3.
import type { Collector, ConfigOf } from '../collector.js';
import { HepExporter, peerOf } from '../hep/exporter.js';

export const hep: Collector<ConfigOf<'hep'>> = {
  type: 'hep',
  title: 'HEP3 (Homer, heplify-server, Kamailio)',
  promise:
    'HEP acknowledges nothing. TCP, TLS: a batch counts as delivered when the kernel has it and the connection stands; when that breaks, the last `resendSeconds` are sent again. UDP: when the kernel has sent it and no host said that nobody listens; what is lost later is lost.',
  recognise: '`ID` in RTP reports and `id` in RTCP: the `id` of the summary.',
  mapping: `
RTP report (types 34, 35), \`TYPE\` \`PERIODIC\` for a window and \`FINAL\` for a whole stream; unknown values are left out:

| key | of the summary | unit |
| --- | --- | --- |
| \`CORRELATION_ID\`, chunk 0x11 | \`rtp-\` and \`pairId\`, the same for both directions | |
| \`REPORT_START\`, \`REPORT_END\`, \`REPORT_TS\` | the window, or the first and last packet | s since 1970 |
| \`SSRC\`, \`SSRC_CHG\` | \`ssrc\`, \`ssrcChanges\` | |
| \`CODEC_PT\`, \`CODEC_NAME\`, \`CLOCK\`, \`CODEC_RATE\` | \`payloadType\`, \`codec\`, \`clockRate\` | Hz |
| \`TOTAL_PK\`, \`EXPECTED_PK\`, \`PACKET_LOSS\`, \`OUT_ORDER\` | \`packets\`, \`expected\`, \`lost\` (in this report, not since the start), \`reordered\` | packets |
| \`TL_BYTE\`, \`SEQ\` | \`octets\`, \`lastSequence\` | |
| \`DELTA\`, \`MAX_DELTA\` | \`deltaMs.mean\`, \`.max\` | ms |
| \`JITTER\`, \`MAX_JITTER\`, \`MEAN_JITTER\` | \`jitterMs.last\`, \`.max\`, \`.mean\` (RFC 3550 A.8) | ms |
| \`MOS\`, chunk 0x20 | \`mos.cq\`; in the chunk times 100 | 1..4.5 |
| \`RFACTOR\`, \`MOS_SCALE\` | \`mos.r\`, \`mos.scale\`: \`NB\`, \`WB\`, \`FB\`; values of different scales are not comparable | |
| \`ONE_WAY_RTP\` | \`oneWayAudio\` | 0, 1 |
| \`ID\`, \`PROBE\` | \`id\`, \`probe\` | |

RTCP (type 5), when there was any: a sender report (\`type\` 200) for what the sender said, with its report on the
opposite stream when both are in one batch, else a receiver report (201) sent against the stream.

| key | of the summary | unit |
| --- | --- | --- |
| \`sender_information.packets\`, \`.octets\` | \`rtcp.sender.packets\`, \`.octets\`: between its reports, not since its start | |
| \`report_blocks[].fraction_lost\` | \`rtcp.reports.fractionLost.last\` | 1/256 |
| \`.packets_lost\`, \`.highest_seq_no\` | \`rtcp.reports.cumulativeLost\`, \`.highestSequence\` | packets |
| \`.ia_jitter\` | \`rtcp.reports.jitterTicks.last\` | RTP clock ticks |
| \`report_blocks_xr\` | VoIP metrics in \`endpoint\`, in the units of RFC 3611 4.7 | |
`.trim(),
  example: `
- type: hep
  name: homer
  host: homer.example
  transport: tcp
  captureId: 2001
`,
  notes: `
* Proved against Kamailio. What is said of Homer and heplify-server is from their code: they were not run.
* Homer 7 and 10 (heplify-server) show types 34 and 35 in the QoS tab, and make Prometheus metrics of 34; Homer 11
  shows 35. \`rtpReport: both\` sends each report twice.
* Until the probe reads signalling, the correlation id is made of addresses and ports: reports are found by it and by
  address, not yet inside a call of Homer.
* \`password\` (chunk 0x0e) is not checked by heplify-server, which stores it in clear: set one only where the
  collector asks for it, and send it over TLS.
* Over UDP a frame that is larger than \`maxDatagramBytes\` is dropped, counted and named in the log; TCP has no such limit.
* Kamailio: \`tcp_accept_hep3=yes\` for TCP; without \`nonsip_hook\`, \`sipcapture\` stores type 5 in \`rtcp_capture\` and
  takes no RTP reports. With \`nonsip_hook\` set, \`event_route[sipcapture:request]\` sees all: type in
  \`$hep(0x00b)\`, correlation id in \`$hep(0x011)\`, JSON in \`$hep(0x00f)\`.
`,
  words: (options) => `${peerOf(options)}, RTP reports ${options.rtpReport}${options.rtcp ? ', RTCP' : ''}`,
  create(options, deps) {
    const { name, host, port, transport, tls = {}, password, nodeName = null } = options;
    const { captureId, rtpReport, rtcp, maxDatagramBytes, resendSeconds, timeoutSeconds } = options;
    const software = `rtpsonde-${deps.version}`;
    return new HepExporter(
      {
        name,
        host,
        port,
        transport,
        tls,
        password,
        frames: { captureId, nodeName, rtpReport, rtcp, software },
        maxDatagramBytes,
        resendMs: resendSeconds * 1000,
        timeoutMs: timeoutSeconds * 1000,
      },
      deps,
    );
  },
};
