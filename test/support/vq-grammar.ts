// The syntax of RFC 6035 4.6.1 as a regular expression, transcribed rule by
// rule and as strict as it stands there: order, spaces, digits.

const any = (...parts: string[]) => `(?:${parts.join('|')})`;
const optional = (part: string) => `(?:${part})?`;
const CRLF = '\\r\\n';
const WSP = '[ \\t]';
const LWS = `(?:(?:${WSP}*${CRLF})?${WSP}+)`;
const SWS = `${LWS}?`;
const EQUAL = `${SWS}=${SWS}`;
const SEMI = `${SWS};${SWS}`;
const HCOLON = `[ \\t]*:${SWS}`;
const word = `[A-Za-z0-9\\-.!%*_+\`'~()<>:\\\\"/\\[\\]?]+`;
const wordPlus = `[A-Za-z0-9\\-.!%*_+\`'~()<>:\\\\/\\[\\]?{}= ]+`;
const hex2 = '[0-9A-Fa-f]{2}';
const hexseq = '[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*';
const ipv4 = '\\d{1,3}(?:\\.\\d{1,3}){3}';
const ipv6 = `${any(`${hexseq}::(?:${hexseq})?`, `::(?:${hexseq})?`, hexseq)}(?::${ipv4})?`;
// name-addr / addr-spec of RFC 3261 25.1, without display names.
const uri = '(?:<sips?:[^<>\\s]+>|sips?:[^<>\\s;?]+)';
const callId = `${word}(?:@${word})?`;
const percentage = '\\d{1,3}(?:\\.\\d{1,2})?';
const dateTime = '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?Z';

const parameter = (name: string, value: string) => `${name}${EQUAL}${value}`;

const lineNames: string[] = [];

/** `[ A WSP ] [ B WSP ] [ C ]`; we send no extensions there. */
function line(name: string, parameters: readonly (readonly [string, string])[]): string {
  lineNames.push(name);
  const last = parameters.length - 1;
  const all = parameters.map(([key, value], i) => optional(parameter(key, value) + (i === last ? '' : WSP)));
  return `${name}${HCOLON}${all.join('')}`;
}

const timestamps = `Timestamps${HCOLON}${parameter('START', dateTime)}${WSP}${parameter('STOP', dateTime)}`;

const metricLines = [
  line('SessionDesc', [
    ['PT', '\\d{1,3}'],
    ['PD', any(word, `"${wordPlus}"`)],
    ['SR', `\\d{1,6}(?:${SEMI}\\d{1,66})*`],
    ['PPS', '\\d{1,5}'],
    ['FD', '\\d{1,4}'],
    ['FO', '\\d{1,5}'],
    ['FPP', '\\d{1,2}'],
    ['FMTP', `"${wordPlus}"`],
    ['PLC', '[0-3]'],
    ['SSUP', any('on', 'off')],
  ]),
  line('JitterBuffer', [
    ['JBA', '[0-3]'],
    ['JBR', '\\d{1,2}'],
    ['JBN', '\\d{1,5}'],
    ['JBM', '\\d{1,5}'],
    ['JBX', '\\d{1,5}'],
  ]),
  line('PacketLoss', [
    ['NLR', percentage],
    ['JDR', percentage],
  ]),
  line('BurstGapLoss', [
    ['BLD', percentage],
    ['BD', '\\d{1,7}'],
    ['GLD', percentage],
    ['GD', '\\d{1,7}'],
    ['GMIN', '\\d{1,3}'],
  ]),
  line('Delay', [
    ['RTD', '\\d{1,5}'],
    ['ESD', '\\d{1,5}'],
    ['OWD', '\\d{1,5}'],
    ['SOWD', '\\d{1,5}'],
    ['IAJ', '\\d{1,5}'],
    ['MAJ', '\\d{1,5}'],
  ]),
  line('Signal', [
    ['SL', '-?\\d{1,2}'],
    ['NL', '-?\\d{1,2}'],
    ['RERL', '\\d{1,3}'],
  ]),
  line('QualityEst', [
    ['RLQ', '\\d{1,3}'],
    ['RLQEstAlg', word],
    ['RCQ', '\\d{1,3}'],
    ['RCQEstAlg', word],
    ['EXTRI', '\\d{1,3}'],
    ['ExtRIEstAlg', word],
    ['EXTRO', '\\d{1,3}'],
    ['ExtROEstAlg', word],
    ['MOSLQ', '\\d(?:\\.\\d{1,3})?'],
    ['MOSLQEstAlg', word],
    ['MOSCQ', '\\d(?:\\.\\d{1,3})?'],
    ['MOSCQEstAlg', word],
    ['QoEEstAlg', word],
  ]),
];

/** Any line is an extension by the syntax: one with a known name is meant to be that. */
const extension = `(?!${any('Timestamps', ...lineNames)})${wordPlus}`;

const metrics = `${timestamps}${CRLF}${metricLines.map((one) => optional(one + CRLF)).join('')}(?:${extension}${CRLF})*`;

const address = parameter('IP', any(ipv6, ipv4)) + WSP + parameter('PORT', '\\d+') + WSP;
const ssrc = parameter('SSRC', '0x[0-9A-Fa-f]{1,8}');

const sessionInfo = [
  `CallID${HCOLON}${callId}`,
  `LocalID${HCOLON}${uri}`,
  `RemoteID${HCOLON}${uri}`,
  `OrigID${HCOLON}${uri}`,
  `LocalAddr${HCOLON}${address}${ssrc}`,
  `RemoteAddr${HCOLON}${address}${ssrc}`,
  `LocalGroup${HCOLON}${wordPlus}`,
  `RemoteGroup${HCOLON}${wordPlus}`,
]
  .map((rule) => rule + CRLF)
  .join('');
const macs = ['LocalMAC', 'RemoteMAC']
  .map((name) => optional(`${name}${HCOLON}${hex2}(?::${hex2})*${CRLF}`))
  .join('');

/** SessionReport and IntervalReport, with LocalMetrics alone, as we send them. */
export const vqReportSyntax = new RegExp(
  `^${any('VQSessionReport', 'VQIntervalReport')}${optional(`${HCOLON}CallTerm`)}${CRLF}${sessionInfo}${macs}LocalMetrics${HCOLON}${CRLF}${metrics}$`,
);
