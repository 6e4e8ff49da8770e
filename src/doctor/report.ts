// Findings as people read them and as programs do.
import { styleText } from 'node:util';
import type { Finding } from './finding.js';
import { wrap } from './words.js';

type Style = Parameters<typeof styleText>[0];

const MARKS: Readonly<Record<Finding['level'], { mark: string; style: Style }>> = {
  error: { mark: 'error', style: ['red', 'bold'] },
  warning: { mark: 'warning', style: 'yellow' },
  note: { mark: 'note', style: 'cyan' },
  unknown: { mark: '?', style: 'dim' },
  ok: { mark: 'ok', style: 'green' },
};
const MARK_WIDTH = 8;
/** Of lines that may be wrapped; commands are never. */
const WIDTH = 100;

/** The whole report: a block for each finding, one line for what is well, a summary. */
export function textReport(findings: readonly Finding[], heading: string, colours: boolean): string {
  const paint = (style: Style, text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const indent = ' '.repeat(MARK_WIDTH + 1);
  const blocks = findings.map(({ level, id, title, observed, meaning, mend }) => {
    const { mark, style } = MARKS[level];
    const head = paint(style, mark.padEnd(MARK_WIDTH));
    if (level === 'ok' || level === 'unknown') return `${head} ${observed} ${paint('dim', `(${id})`)}\n`;
    const remedy = mend === '' ? '' : `${indent}mend: ${mend}\n`;
    return `${head} ${paint('bold', title)}: ${observed} ${paint('dim', `(${id})`)}\n${wrap(meaning, indent, WIDTH)}\n${remedy}\n`;
  });
  return `${heading}\n\n${blocks.join('')}\n${summaryLine(findings)}\n`;
}

/** For example `1 error, 2 warnings, 3 notes, 12 ok`. */
export function summaryLine(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const words = (['error', 'warning', 'note'] as const)
    .map((level) => ({ level, n: count(level) }))
    .filter(({ n }) => n > 0)
    .map(({ level, n }) => `${n} ${level}${n === 1 ? '' : 's'}`);
  const unknown = count('unknown');
  const rest = [`${count('ok')} ok`, ...(unknown > 0 ? [`${unknown} not known`] : [])];
  const hint =
    words.length > 0 ? '; most remedies need root, and last until the next start of the machine' : '';
  return `${[...words, ...rest].join(', ')}${hint}`;
}

/** One object: what was looked at, the exit code, and every check with its result. */
export function jsonReport(report: Record<string, unknown>): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
