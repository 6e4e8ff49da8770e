// Options of the exporter `syslog`.
import { z } from 'zod';
import { commonKeys, deliveryKeys, hostKey, portKey, resendKey, tlsSchema } from './parts.js';

/** RFC 5424 6.2.1, table 1, in the order of their numbers; by the names of syslog.conf. */
export const syslogFacilities = [
  'kern',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
  'ntp',
  'audit',
  'alert',
  'clock',
  'local0',
  'local1',
  'local2',
  'local3',
  'local4',
  'local5',
  'local6',
  'local7',
] as const;

export const syslogSchema = z
  .strictObject({
    type: z.literal('syslog').describe('Send syslog messages (RFC 5424).'),
    ...commonKeys,
    ...hostKey,
    ...portKey(514),
    transport: z
      .enum(['udp', 'tcp', 'tls'])
      .default('tcp')
      .describe(
        '`tcp` with octet counting (RFC 6587 3.4.1), `tls` (RFC 5425, usually port 6514), or `udp` (RFC 5426), where what is lost on the way is never known.',
      ),
    tls: tlsSchema.exactOptional().describe('Certificates for `transport: tls`.'),
    format: z
      .enum(['json', 'structured-data'])
      .default('json')
      .describe(
        '`json`: the whole summary as the message. `structured-data`: its fields as parameters (RFC 5424 6.3), without lists and objects.',
      ),
    facility: z.enum(syslogFacilities).default('local0').describe('Facility (RFC 5424 6.2.1).'),
    enterpriseNumber: z
      .number()
      .int()
      .min(1)
      .max(0xffff_ffff)
      .default(32473)
      .describe(
        'Private enterprise number in the names of structured data (RFC 5424 7.2.2). The default is the one for examples (RFC 5612).',
      ),
    maxMessageBytes: z
      .number()
      .int()
      .min(480)
      .max(1_048_576)
      .default(8192)
      .describe(
        'Largest message that the receiver takes, in bytes; the default is that of rsyslog. Larger ones are dropped and counted, never cut.',
      ),
    ...resendKey,
    ...deliveryKeys,
  })
  .superRefine((options, context) => {
    // IPv4 datagrams hold no more (RFC 5426 3.2).
    if (options.transport === 'udp' && options.maxMessageBytes > 65_507)
      context.addIssue({
        code: 'custom',
        message: 'must be at most 65507 with `transport: udp`',
        path: ['maxMessageBytes'],
        input: options,
      });
  });
