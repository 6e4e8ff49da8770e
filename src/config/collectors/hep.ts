// Options of the exporter `hep`.
import { z } from 'zod';
import { secretSchema } from '../secret.js';
import { commonKeys, deliveryKeys, hostKey, measuredKinds, portKey, resendKey, tlsSchema } from './parts.js';

export const hepSchema = z.strictObject({
  type: z.literal('hep').describe('Send RTP reports and RTCP as HEP3, to Homer, heplify-server or Kamailio.'),
  ...commonKeys,
  include: measuredKinds(['window', 'stream']).describe(
    'Kinds of summary to send: `window` (a PERIODIC report of each stream), `stream` (a FINAL report at its end).',
  ),
  ...hostKey,
  ...portKey(9060),
  transport: z
    .enum(['tcp', 'udp', 'tls'])
    .default('tcp')
    .describe('`tcp`, `tls` (over TCP), or `udp`, where what is lost on the way is never known.'),
  tls: tlsSchema.exactOptional().describe('Certificates for `transport: tls`.'),
  rtpReport: z
    .union([z.literal(34), z.literal(35), z.literal('both')])
    .default(34)
    .describe(
      'HEP protocol type of RTP reports: 34 for Homer 7 and 10 (heplify-server makes metrics of it), 35 for Homer 11.',
    ),
  rtcp: z.boolean().default(true).describe('Send what RTCP said as well (HEP protocol type 5).'),
  captureId: z
    .number()
    .int()
    .min(0)
    .max(0xffff_ffff)
    .default(2001)
    .describe('Capture agent id, by which Homer tells agents apart.'),
  password: secretSchema
    .exactOptional()
    .describe('Authenticate key, as {env: NAME} or {file: PATH}. It goes in clear unless over TLS.'),
  nodeName: z
    .string()
    .min(1)
    .max(128)
    .exactOptional()
    .describe('Name of this capture node. Default: the name of the probe.'),
  maxDatagramBytes: z
    .number()
    .int()
    .min(508)
    .max(65_507)
    .default(1452)
    .describe(
      'Over UDP: largest datagram, bytes; the default fits Ethernet with IPv6. What is larger is dropped and counted, not fragmented.',
    ),
  ...resendKey,
  ...deliveryKeys,
});
