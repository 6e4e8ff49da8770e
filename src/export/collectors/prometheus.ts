// Metrics for Prometheus to fetch: the probe's own, and quality by group.
import { LISTEN_PATTERN } from '../../config/collectors/prometheus.js';
import type { Collector, ConfigOf } from '../collector.js';
import { distributions, ratedWindows, totals } from '../groups/measures.js';
import { PrometheusExporter } from '../prometheus/exporter.js';

const table = [
  '| metric | kind | meaning |',
  '| --- | --- | --- |',
  ...distributions.map(({ prometheus, help }) => `| \`rtpsonde_${prometheus}\` | histogram | ${help} |`),
  ...totals.map(({ prometheus, help }) => `| \`rtpsonde_${prometheus}_total\` | counter | ${help} |`),
  `| \`rtpsonde_${ratedWindows.prometheus}_total\` | counter | ${ratedWindows.help}; label \`rating\` |`,
  '| `rtpsonde_window_streams` | gauge | Streams of the latest window by rating; label `rating` |',
  '| `rtpsonde_window_end_timestamp_seconds` | gauge | End of the latest window |',
  '| `rtpsonde_capture_confidence` | gauge | 1 for the level of confidence that holds; label `level` |',
  '| `rtpsonde_windows_in_other_group_total` | counter | Windows told as group `other`, by `maxGroups` |',
  '| `rtpsonde_export_*` | | Lanes by `exporter`: delivered, dropped, retries, queued, oldest, up |',
  '| `rtpsonde_*` | | Every other metric of the probe, as in the log |',
].join('\n');

export const prometheus: Collector<ConfigOf<'prometheus'>> = {
  type: 'prometheus',
  title: 'Prometheus',
  promise:
    'A summary is delivered when it is folded into the metrics; counters begin at 0 when the probe starts or its exporters change.',
  recognise: 'Not: counters add up what comes. Gauges leave out windows that are over.',
  mapping: `Windows of streams are observations of histograms and add to counters, by group: labels \`codec\`, \`dscp\`, \`vlan\`,
\`interface\` and \`scale\` (of the MOS; never add up different ones). Buckets of OpenMetrics carry the id of a stream as
exemplar. Summaries of whole streams add nothing: their windows told it. Unknown values are left out.

${table}

With \`streams: true\`, of each stream of the latest window: \`rtpsonde_stream_mos_cq\`, \`rtpsonde_stream_network_loss_ratio\`,
\`rtpsonde_stream_jitter_seconds\`, \`rtpsonde_stream_packets\`, with \`stream_id\`, addresses, ports, SSRC and codec as labels;
\`rtpsonde_streams_left_out\` counts those beyond \`maxStreams\`.`,
  example: `
- type: prometheus
  listen: 127.0.0.1:9464
`,
  notes: `
In Prometheus:

\`\`\`yaml
scrape_configs:
  - job_name: rtpsonde
    scrape_interval: 15s
    static_configs:
      - targets: [probe1.example:9464]
    # With token and tls of the exporter:
    #scheme: https
    #authorization: {credentials_file: /etc/prometheus/rtpsonde.token}
\`\`\`

Questions to begin with:

\`\`\`
# Share of stream windows below "fair", by codec
sum by (codec) (rate(rtpsonde_stream_windows_total{rating=~"poor|bad"}[5m]))
  / sum by (codec) (rate(rtpsonde_stream_windows_total{rating!="none"}[5m]))
# MOS that 5 % of the narrowband stream windows do not reach
histogram_quantile(0.05, sum by (le) (rate(rtpsonde_window_mos_cq_bucket{scale="NB"}[5m])))
# Loss in packets, late ones taken back
sum(rate(rtpsonde_rtp_packets_lost_total[5m]) - rate(rtpsonde_rtp_packets_recovered_total[5m]))
# Summaries that were lost on the way to a collector
increase(rtpsonde_export_dropped_total[1h]) > 0
\`\`\`

Text format 0.0.4, or OpenMetrics 1.0 where \`Accept\` prefers it (Prometheus does). Without \`token\` whoever reaches the port may
read; listen on the loopback address or set \`token\` and \`tls\`. At most 32 connections at a time.
`,
  words: ({ listen, tls, streams }) =>
    `serve ${tls === undefined ? 'http' : 'https'}://${listen}/metrics${streams ? ', single streams too' : ''}`,
  create(options, deps) {
    const { name, listen, token, tls, maxGroups, streams, maxStreams, timeoutSeconds } = options;
    const [, host = '', port = ''] = LISTEN_PATTERN.exec(listen) ?? [];
    return new PrometheusExporter(
      {
        name,
        // Without an address Node listens on all, by IPv4 and IPv6.
        host: host === '' ? '::' : host.replace(/^\[|\]$/g, ''),
        port: Number(port),
        token,
        tls,
        maxGroups,
        maxStreams: streams ? maxStreams : 0,
        timeoutMs: timeoutSeconds * 1000,
        version: deps.version,
      },
      deps,
    );
  },
};
