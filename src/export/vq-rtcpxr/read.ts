// Reads application/vq-rtcpxr (RFC 6035 4.6.1), of any sender: also what the
// examples of the RFC do against its syntax (SSRC without 0x, folded lines, other
// orders, `Metrics:`, STOP before START). What cannot be is left out and named.

/** What the two ends of a line of addresses say. */
export interface VqAddress {
  ip: string | null;
  port: number | null;
  /** 32 bits. */
  ssrc: number | null;
}

export interface VqMetrics {
  /** RFC 3339, as it stands there. */
  start: string | null;
  stop: string | null;
  /** Numbers by the name of the parameter (NLR, MOSLQ, ...), in the units of RFC 6035. */
  numbers: Readonly<Record<string, number>>;
  /** All other parameters (PD, FMTP, QoEEstAlg, ...), unquoted. */
  texts: Readonly<Record<string, string>>;
}

export interface VqReport {
  kind: 'session' | 'interval' | 'alert';
  /** The last report of the session (CallTerm). */
  isFinal: boolean;
  /** Type, Severity and Dir of an alert; null in the other kinds. */
  alert: { type: string | null; severity: string | null; direction: string | null } | null;
  callId: string | null;
  localId: string | null;
  remoteId: string | null;
  origId: string | null;
  local: VqAddress | null;
  remote: VqAddress | null;
  /** LocalGroup, RemoteGroup, LocalMAC, RemoteMAC, DialogID and lines of unknown names. */
  lines: Readonly<Record<string, string>>;
  localMetrics: VqMetrics | null;
  remoteMetrics: VqMetrics | null;
  /** What was left out or is odd, for a log; empty for a report by the syntax. */
  faults: readonly string[];
}

/** A longer text is no report: the parts of the longest are below 4 KiB. */
const MAX_CHARACTERS = 65_536;

/** Least and greatest value by the syntax and the comments in it. R up to 148 for fullband, MOS up to 5. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  PT: [0, 127],
  SR: [1, 999_999],
  PPS: [0, 99_999],
  FD: [0, 9999],
  FO: [0, 99_999],
  FPP: [0, 99],
  PLC: [0, 3],
  JBA: [0, 3],
  JBR: [0, 15],
  JBN: [0, 65_535],
  JBM: [0, 65_535],
  JBX: [0, 65_535],
  NLR: [0, 100],
  JDR: [0, 100],
  BLD: [0, 100],
  BD: [0, 3_600_000],
  GLD: [0, 100],
  GD: [0, 3_600_000],
  GMIN: [1, 255],
  RTD: [0, 65_535],
  ESD: [0, 65_535],
  OWD: [0, 65_535],
  SOWD: [0, 65_535],
  IAJ: [0, 65_535],
  MAJ: [0, 65_535],
  SL: [-99, 99],
  NL: [-99, 99],
  RERL: [0, 999],
  RLQ: [0, 148],
  RCQ: [0, 148],
  EXTR: [0, 148],
  EXTRI: [0, 148],
  EXTRO: [0, 148],
  MOSLQ: [0, 5],
  MOSCQ: [0, 5],
};

const KINDS: Readonly<Record<string, VqReport['kind']>> = {
  vqsessionreport: 'session',
  vqintervalreport: 'interval',
  vqalertreport: 'alert',
};

/** Lines of parameters within metrics. */
const METRIC_LINES: ReadonlySet<string> = new Set([
  'timestamps',
  'sessiondesc',
  'jitterbuffer',
  'packetloss',
  'burstgaploss',
  'delay',
  'signal',
  'qualityest',
]);

/** Null for what is no such report at all. Never throws. */
export function readVqReport(text: string): VqReport | null {
  if (text.length > MAX_CHARACTERS) return null;
  // A line that begins with white space continues the one before (RFC 3261 7.3.1).
  const all = text.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const rows = all.map((row) => row.trim()).filter((row) => row !== '');
  const [head, ...rest] = rows.map(nameAndValue);
  const kind = head === undefined ? undefined : KINDS[head.name.toLowerCase()];
  if (head === undefined || kind === undefined) return null;

  const faults: string[] = [];
  const lines = emptyRecord<string>();
  const local = new MetricsReader(faults);
  const remote = new MetricsReader(faults);
  let current = local;
  for (const { name, value } of rest) {
    const key = name.toLowerCase();
    if (key === 'localmetrics' || key === 'metrics') current = local;
    else if (key === 'remotemetrics') current = remote;
    else if (METRIC_LINES.has(key)) current.add(value);
    else lines[name] ??= value;
  }
  const take = (name: string) => {
    const found = Object.keys(lines).find((key) => key.toLowerCase() === name.toLowerCase());
    if (found === undefined) return null;
    const value = lines[found] ?? null;
    delete lines[found];
    return value;
  };
  const [callId, localId, remoteId, origId] = ['CallID', 'LocalID', 'RemoteID', 'OrigID'].map(take);
  return {
    kind,
    isFinal: head.value.toLowerCase() === 'callterm',
    alert: kind === 'alert' ? alertOf(head.value) : null,
    callId: callId ?? null,
    localId: localId ?? null,
    remoteId: remoteId ?? null,
    origId: origId ?? null,
    local: addressOf('LocalAddr', take('LocalAddr'), faults),
    remote: addressOf('RemoteAddr', take('RemoteAddr'), faults),
    lines,
    localMetrics: local.end(),
    remoteMetrics: remote.end(),
    faults,
  };
}

function nameAndValue(row: string): { name: string; value: string } {
  const colon = row.indexOf(':');
  if (colon < 0) return { name: row, value: '' };
  return { name: row.slice(0, colon).trim(), value: row.slice(colon + 1).trim() };
}

/** Names come from outside: one without those of Object.prototype. */
const emptyRecord = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

/** `A=1 B="x y"`; white space around `=` is allowed. Looks at names from their beginnings alone: no text takes long. */
function parametersOf(value: string): [name: string, value: string][] {
  const found = value.matchAll(/(?<=^|[\s"])([^\s="]+)\s*=\s*(?:"([^"]*)"|(\S*))/g);
  return [...found].map(([, name = '', quoted, plain = '']) => [name, quoted ?? plain]);
}

function alertOf(value: string): VqReport['alert'] {
  const given = new Map(parametersOf(value).map(([name, text]) => [name.toLowerCase(), text]));
  const get = (name: string) => given.get(name) ?? null;
  return { type: get('type'), severity: get('severity'), direction: get('dir') };
}

function addressOf(line: string, value: string | null, faults: string[]): VqAddress | null {
  if (value === null) return null;
  const given = new Map(parametersOf(value).map(([name, text]) => [name.toUpperCase(), text]));
  const number = (name: string, pattern: RegExp, radix: number, max: number) => {
    const text = given.get(name);
    if (text === undefined) return null;
    const read = pattern.test(text) ? Number.parseInt(text.replace(/^0x/i, ''), radix) : Number.NaN;
    if (read >= 0 && read <= max) return read;
    faults.push(`${line}: ${name}=${text}`);
    return null;
  };
  return {
    ip: given.get('IP') ?? null,
    port: number('PORT', /^\d{1,5}$/, 10, 65_535),
    ssrc: number('SSRC', /^(0x)?[0-9a-f]{1,8}$/i, 16, 0xffff_ffff),
  };
}

class MetricsReader {
  readonly #faults: string[];
  #start: string | null = null;
  #stop: string | null = null;
  readonly #numbers = emptyRecord<number>();
  readonly #texts = emptyRecord<string>();
  #isEmpty = true;

  constructor(faults: string[]) {
    this.#faults = faults;
  }

  add(value: string): void {
    this.#isEmpty = false;
    for (const [name, text] of parametersOf(value)) {
      if (name === 'START') this.#start = this.#time(name, text);
      else if (name === 'STOP') this.#stop = this.#time(name, text);
      else if (Object.hasOwn(RANGES, name)) this.#number(name, text);
      else this.#texts[name] ??= text;
    }
  }

  /** Null when there was no line of metrics. */
  end(): VqMetrics | null {
    if (this.#isEmpty) return null;
    const [start, stop] = [this.#start, this.#stop];
    if (start !== null && stop !== null && Date.parse(stop) < Date.parse(start))
      this.#faults.push(`STOP=${stop} is before START=${start}`);
    return { start, stop, numbers: this.#numbers, texts: this.#texts };
  }

  #time(name: string, text: string): string | null {
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
    if (isTime && !Number.isNaN(Date.parse(text))) return text;
    this.#faults.push(`${name}=${text}`);
    return null;
  }

  #number(name: string, text: string): void {
    // A sample rate that changed is told as 8000;16000: the first counts.
    const plain = name === 'SR' ? text.replace(/;.*$/, '') : text;
    const [least, greatest] = RANGES[name] ?? [0, 0];
    const value = /^-?\d{1,7}(\.\d+)?$/.test(plain) ? Number(plain) : Number.NaN;
    if (value >= least && value <= greatest) this.#numbers[name] ??= value;
    else this.#faults.push(`${name}=${text}`);
  }
}
