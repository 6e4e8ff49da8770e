// A summary as a syslog message (RFC 5424 6).
import type { Summary } from '../../summary/schema.js';
import { columnsFor, tableNames } from '../columns.js';
import type { SummaryLine } from '../exporter.js';
import { summaryOf } from '../summary-of.js';

export interface MessageOptions {
  format: 'json' | 'structured-data';
  /** 0..23 */
  facility: number;
  enterpriseNumber: number;
}

/** RFC 5424 6.2.1: informational; warning for what was rated poor or bad. */
const INFORMATIONAL = 6;
const WARNING = 4;

const NIL = '-';
/** RFC 5424 6.4: begins a message in UTF-8. */
const BOM = '\ufeff';

/** Without any framing. */
export function syslogMessage(line: SummaryLine, options: MessageOptions): Buffer {
  const summary = summaryOf(line);
  const time = summary.kind === 'stream' ? summary.end : summary.windowEnd;
  const header = [
    `<${options.facility * 8 + severityOf(summary)}>1`,
    // At most six digits of a second (6.2.3).
    time.replace(/(\.\d{6})\d+/, '$1'),
    printable(summary.probe, 255),
    'rtpsonde',
    NIL,
    tableNames[summary.kind],
  ].join(' ');
  const { format, enterpriseNumber } = options;
  const element = (name: string, parameters: string) => `[rtpsonde${name}@${enterpriseNumber}${parameters}]`;
  if (format === 'json')
    return Buffer.from(`${header} ${element('', parameter('id', summary.id))} ${ascii(line.json)}`);
  const fields = columnsFor(summary.kind).flatMap(({ name, type, get }) => {
    const value = get(summary);
    return value === null || type === 'json' ? [] : [parameter(name, String(value))];
  });
  return Buffer.from(`${header} ${element('', fields.join(''))} ${BOM}${sentenceOf(summary)}`);
}

function severityOf(summary: Summary): number {
  const rating = summary.kind === 'capture' ? null : (summary.mos?.rating ?? null);
  return rating === 'poor' || rating === 'bad' ? WARNING : INFORMATIONAL;
}

function sentenceOf(summary: Summary): string {
  if (summary.kind === 'capture') return summary.confidence?.text ?? '';
  const { ssrc, src, srcPort, dst, dstPort, codec } = summary;
  return `${codec ?? 'stream'} ${ssrc} from ${src}:${srcPort} to ${dst}:${dstPort}: ${summary.damage?.text ?? ''}`;
}

/** 6.3.3: quotes, backslashes and closing brackets are escaped, nothing else. */
function parameter(name: string, value: string): string {
  return ` ${name}="${value.replaceAll(/["\\\]]/g, '\\$&')}"`;
}

/** PRINTUSASCII (6): no space, no control character. */
function printable(text: string, length: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, length) || NIL;
}

/** JSON in ASCII needs no BOM, which readers of JSON do not expect. */
function ascii(json: string): string {
  return json.replaceAll(/[^\0-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
