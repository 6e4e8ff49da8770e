// Turns one record of pino into what a person or journald reads: a
// message followed by key=value fields, always on one line.

/** `journald`: sd-daemon(3) priority prefix. `text`: for a terminal. `json`: pino as it is. */
export type LogForm = 'journald' | 'json' | 'text';

/** One record of pino, parsed. */
export type LogRecord = Readonly<Record<string, unknown>>;

interface Entry {
  level: number;
  time: number;
  msg: string;
  /** Everything but level, time, message and what the reader knows anyway (pid, hostname). */
  fields: Record<string, unknown>;
}

/** One line of output, with its line feed. */
export function formatRecord(record: LogRecord, form: LogForm, colours: boolean): string {
  if (form === 'json') return `${JSON.stringify(record)}\n`;
  const { level, time, msg, pid: _pid, hostname: _hostname, ...fields } = record;
  const entry = { level: Number(level), time: Number(time), msg: typeof msg === 'string' ? msg : '', fields };
  return form === 'journald' ? formatJournald(entry) : formatText(entry, colours);
}

/** Syslog priority (RFC 5424 6.2.1) of a pino level: 2 critical, 3 error, 4 warning, 6 informational, 7 debug. */
export function priorityOf(level: number): 2 | 3 | 4 | 6 | 7 {
  if (level >= 60) return 2;
  if (level >= 50) return 3;
  if (level >= 40) return 4;
  return level >= 30 ? 6 : 7;
}

// journald adds time, host and pid itself.
function formatJournald(entry: Entry): string {
  return `<${priorityOf(entry.level)}>${sentence(entry)}\n`;
}

const words = [
  { from: 60, word: 'FATAL', colour: 35 },
  { from: 50, word: 'ERROR', colour: 31 },
  { from: 40, word: 'WARN ', colour: 33 },
  { from: 30, word: 'INFO ', colour: 32 },
  { from: 20, word: 'DEBUG', colour: 36 },
  { from: Number.NEGATIVE_INFINITY, word: 'TRACE', colour: 90 },
];

function formatText(entry: Entry, colours: boolean): string {
  const { word, colour } = words.find(({ from }) => entry.level >= from) ?? words[0]!;
  const level = colours ? `\u001b[${colour}m${word}\u001b[0m` : word;
  return `${new Date(entry.time).toISOString()} ${level} ${sentence(entry)}\n`;
}

function sentence({ msg, fields }: Entry): string {
  const pairs = Object.entries(fields).flatMap(([key, value]) => pairsOf(key, value));
  return [...(msg === '' ? [] : [escapeControls(msg)]), ...pairs].join(' ');
}

function pairsOf(key: string, value: unknown): string[] {
  if (key === 'err' && typeof value === 'object' && value !== null)
    return errorPairs(value as SerializedError);
  return [`${key.replaceAll(/[\s="\p{Cc}]/gu, '_')}=${valueText(value)}`];
}

interface SerializedError {
  type?: unknown;
  code?: unknown;
  message?: unknown;
  stack?: unknown;
}

// An error of our own explains itself; the stack is for faults that nobody foresaw.
function errorPairs({ type, code, message, stack }: SerializedError): string[] {
  return [
    `err=${valueText(message)}`,
    ...(code === undefined ? [] : [`code=${valueText(code)}`]),
    ...(type === 'RtpsondeError' || stack === undefined ? [] : [`stack=${valueText(stack)}`]),
  ];
}

/** Bare where that is unambiguous, else as a JSON string or JSON. */
function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return escapeControls(text);
  return /^[^\s="\p{Cc}]+$/u.test(text) ? text : escapeControls(JSON.stringify(text));
}

// A line feed would start a new entry in the journal, an escape sequence could repaint a terminal.
function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, (c) => {
    if (c === '\n') return '\\n';
    if (c === '\t') return '\\t';
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
