// The text forms of Prometheus: 0.0.4 and OpenMetrics 1.0, from families of metrics.
import { TimeSlice } from '../../ops/time-slice.js';

export type TextForm = 'prometheus' | 'openmetrics';

export const contentTypes: Readonly<Record<TextForm, string>> = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

type Labels = Readonly<Record<string, string>>;

export interface Sample {
  /** Behind the name of the family: `_bucket`, `_sum`, `_count`; empty otherwise. */
  suffix?: string;
  /** Best the same object for the same labels: their text is kept with it. */
  labels: Labels;
  /** One more label, behind the others. */
  extra?: readonly [name: string, value: string];
  value: number;
  /** OpenMetrics shows it, on buckets alone. */
  exemplar?: { labels: Labels; value: number; atMs: number } | null;
}

export interface Family {
  /** Without `_total`. */
  name: string;
  kind: 'counter' | 'gauge' | 'histogram';
  help: string;
  /** Empty for none; else the name ends with it. */
  unit: string;
  /** Samples in pieces; what is in one piece is of one moment. */
  pieces: Iterable<readonly Sample[]>;
}

/** All families as one text; other work gets its turn between pieces. */
export async function renderText(families: Iterable<Family>, form: TextForm): Promise<Buffer> {
  const slice = new TimeSlice();
  const parts: Buffer[] = [];
  let text = '';
  for (const family of families) {
    text += headOf(family, form);
    for (const piece of family.pieces) {
      for (const sample of piece) text += sampleLine(family, sample, form);
      if (!slice.isOver()) continue;
      parts.push(Buffer.from(text));
      text = '';
      await slice.next();
    }
  }
  if (form === 'openmetrics') text += '# EOF\n';
  return Buffer.concat([...parts, Buffer.from(text)]);
}

function headOf({ name, kind, help, unit }: Family, form: TextForm): string {
  // OpenMetrics names the family of a counter without the ending of its sample.
  const family = form === 'openmetrics' || kind !== 'counter' ? name : `${name}_total`;
  const unitLine = form === 'openmetrics' && unit !== '' ? `# UNIT ${family} ${unit}\n` : '';
  return `# HELP ${family} ${escapeHelp(help, form)}\n# TYPE ${family} ${kind}\n${unitLine}`;
}

function sampleLine({ name, kind }: Family, sample: Sample, form: TextForm): string {
  const suffix = sample.suffix ?? (kind === 'counter' ? '_total' : '');
  const line = `${name}${suffix}${inBraces(sample)} ${numberText(sample.value)}`;
  const { exemplar } = sample;
  if (form !== 'openmetrics' || exemplar === undefined || exemplar === null) return `${line}\n`;
  const at = (exemplar.atMs / 1000).toFixed(3);
  return `${line} # {${labelText(exemplar.labels)}} ${numberText(exemplar.value)} ${at}\n`;
}

function inBraces({ labels, extra }: Sample): string {
  let text = labelTexts.get(labels);
  if (text === undefined) {
    text = labelText(labels);
    labelTexts.set(labels, text);
  }
  if (extra !== undefined) text += `${text === '' ? '' : ','}${labelText({ [extra[0]]: extra[1] })}`;
  return text === '' ? '' : `{${text}}`;
}

/** A group has the same labels on some sixty lines. */
const labelTexts = new WeakMap<Labels, string>();

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}="${escapeLabel(value)}"`)
    .join(',');
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function escapeHelp(text: string, form: TextForm): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return form === 'openmetrics' ? escaped.replaceAll('"', '\\"') : escaped;
}

/** A bound as OpenMetrics writes it, in both forms, so that a series keeps its labels: `1.0`, not `1`. */
export function boundText(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound);
}

/** Which form the client asks for by Accept; the plain one unless OpenMetrics 1.0 is preferred. */
export function formFor(accept: string | undefined): TextForm {
  let best: { form: TextForm; q: number } = { form: 'prometheus', q: 0 };
  for (const entry of (accept ?? '').split(',')) {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    const form = formOf(type, parameters);
    const q = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? '1');
    if (form !== null && q > best.q) best = { form, q };
  }
  return best.form;
}

function formOf(type: string, parameters: readonly string[]): TextForm | null {
  if (type === 'text/plain') return 'prometheus';
  if (type !== 'application/openmetrics-text') return null;
  const version = parameters.find((part) => part.startsWith('version='))?.slice('version='.length);
  return version === undefined || version === '1.0.0' ? 'openmetrics' : null;
}
