// Options of the exporter `sip-publish`.
import { z } from 'zod';
import { commonKeys, deliveryKeys, hostKey, measuredKinds, portKey, tlsSchema } from './parts.js';

/** Without what would end the header that it goes into. */
const sipUri = (example: string) =>
  z
    .string()
    .regex(/^sips?:[!-~]+$/, `expected a SIP URI, for example ${example}`)
    .regex(/^[^<>"]*$/, 'must not hold <, > or "');

export const sipPublishSchema = z.strictObject({
  type: z.literal('sip-publish').describe('Send voice quality reports by SIP PUBLISH (RFC 6035).'),
  ...commonKeys,
  include: measuredKinds(['stream']).describe(
    'Kinds of summary to send: `stream` (a VQSessionReport at its end), `window` (a VQIntervalReport of each stream; RFC 6035 3.4 advises against it for all calls).',
  ),
  ...hostKey,
  ...portKey(5060),
  transport: z
    .enum(['udp', 'tcp', 'tls'])
    .default('udp')
    .describe(
      '`udp` (requests are repeated until they are answered), `tcp`, or `tls` (mostly on port 5061).',
    ),
  tls: tlsSchema.exactOptional().describe('Certificates for `transport: tls`.'),
  requestUri: sipUri('sip:collector@example.com')
    .exactOptional()
    .describe('SIP URI of the collector. Default: `sip:` and the host.'),
  from: sipUri('sip:probe@example.com')
    .exactOptional()
    .describe('SIP URI of the probe. Default: `sip:rtpsonde@` and its own address.'),
  group: z
    .string()
    .regex(/^[\w.-]+$/, 'expected letters, digits, dot, dash and underscore')
    .max(64)
    .exactOptional()
    .describe('LocalGroup and RemoteGroup of the reports. Default: the name of the probe.'),
  maxInFlight: z
    .number()
    .int()
    .min(1)
    .max(256)
    .default(32)
    .describe('Most reports that wait for their answers at the same time.'),
  ...deliveryKeys,
  timeoutSeconds: z
    .number()
    .min(0.1)
    .max(300)
    .default(32)
    .describe(
      'Give up a request after so many seconds and try it again; 32 s is timer F of RFC 3261 17.1.2.2.',
    ),
});
