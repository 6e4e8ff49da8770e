// Summaries as syslog messages.
import { syslogFacilities } from '../../config/collectors/syslog.js';
import type { Collector, ConfigOf } from '../collector.js';
import { peerOf, SyslogExporter } from '../syslog/exporter.js';

export const syslog: Collector<ConfigOf<'syslog'>> = {
  type: 'syslog',
  title: 'Syslog',
  promise:
    'Syslog acknowledges nothing. TCP, TLS: delivered when the kernel has it and the connection stands; when it breaks, the last `resendSeconds` go again with the next batch. UDP: once, and what is lost on the way is not known.',
  recognise: '`id`, a parameter of the structured data of each message.',
  mapping:
    'A message a summary (RFC 5424): TIMESTAMP is the end of the window or stream, to the microsecond; HOSTNAME the probe, APP-NAME `rtpsonde`, MSGID `windows`, `streams` or `captures`; severity 4 (warning) where the rating is poor or bad, else 6. `format: json`: the summary of summary.md in ASCII, after `[rtpsonde@32473 id="..."]`. `format: structured-data`: a parameter for each field that is known, named as the columns of [schema.sql](../deploy/postgres/schema.sql), lists and objects left out, and a sentence in UTF-8 as the message.',
  example: `
- type: syslog
  host: syslog.example
  port: 6514
  transport: tls
  tls: {caFile: /etc/rtpsonde/ca.pem}
  include: [stream]
`,
  notes: `
A summary is 3 to 8 KiB of JSON. \`maxMessageBytes\` must not be above what the receiver takes: receivers cut longer messages without
a word (rsyslog: \`global(maxMessageSize="64k")\`, syslog-ng: \`log-msg-size()\`). What is longer is dropped here, counted as
\`droppedRejected\`, and told in the log with its size. TCP frames by octet counting, which rsyslog (\`imtcp\`) and
syslog-ng (\`syslog()\`) take as it is. For rsyslog over TLS:

\`\`\`
global(maxMessageSize="64k")
module(load="imtcp" StreamDriver.Name="ossl" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
input(type="imtcp" port="6514")
template(name="json" type="string" string="%msg%\\n")
local0.* action(type="omfile" file="/var/log/rtpsonde.ndjson" template="json")
\`\`\`
`,
  words: (options) => `${peerOf(options)}, ${options.format}`,
  create(options, deps) {
    const { name, host, port, transport, tls, format, facility, enterpriseNumber } = options;
    return new SyslogExporter(
      {
        name,
        host,
        port,
        transport,
        tls: tls ?? {},
        message: { format, enterpriseNumber, facility: syslogFacilities.indexOf(facility) },
        maxMessageBytes: options.maxMessageBytes,
        resendMs: options.resendSeconds * 1000,
        timeoutMs: options.timeoutSeconds * 1000,
      },
      deps,
    );
  },
};
