// A strict reader of syslog messages, written from the ABNF of RFC 5424 6.

export interface SyslogMessage {
  facility: number;
  severity: number;
  timestamp: string;
  hostname: string;
  appName: string;
  procId: string;
  msgId: string;
  /** Parameters by SD-ID, unescaped. */
  data: Record<string, Record<string, string>>;
  /** Without the BOM; null for no message. */
  text: string | null;
  hasBom: boolean;
}

const HEADER =
  /^<(0|[1-9]\d{0,2})>1 (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) ([\x21-\x7e]{1,255}) ([\x21-\x7e]{1,48}) ([\x21-\x7e]{1,128}) ([\x21-\x7e]{1,32}) /;
const NAME = '[\\x21\\x23-\\x3c\\x3e-\\x5c\\x5e-\\x7e]{1,32}';
const PARAMETER = new RegExp(` (${NAME})="((?:[^"\\\\\\]]|\\\\.)*)"`, 'ys');
const ELEMENT = new RegExp(`\\[(${NAME})`, 'y');

/** Throws at whatever the grammar does not have. */
export function readSyslog(bytes: Buffer): SyslogMessage {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  const header = HEADER.exec(text);
  if (header === null) throw new Error(`no header: ${text.slice(0, 120)}`);
  const [whole, pri, timestamp = '', hostname = '', appName = '', procId = '', msgId = ''] = header;
  if (Number(pri) > 191) throw new Error(`PRI ${pri}`);
  const { data, end } = readData(text, whole.length);
  const rest = text.slice(end);
  if (rest !== '' && !rest.startsWith(' '))
    throw new Error(`after the structured data: ${rest.slice(0, 20)}`);
  const hasBom = rest.startsWith(' \ufeff');
  const message = rest === '' ? null : rest.slice(hasBom ? 2 : 1);
  // MSG-ANY may be any octets, but what is not ASCII has to say that it is UTF-8 (6.4).
  if (!hasBom && message !== null && /[^\0-\x7f]/.test(message)) throw new Error('UTF-8 without BOM');
  const [facility, severity] = [Math.floor(Number(pri) / 8), Number(pri) % 8];
  return { facility, severity, timestamp, hostname, appName, procId, msgId, data, text: message, hasBom };
}

function readData(text: string, from: number): { data: SyslogMessage['data']; end: number } {
  if (text[from] === '-') return { data: {}, end: from + 1 };
  const data: SyslogMessage['data'] = {};
  let at = from;
  while (text[at] === '[') {
    ELEMENT.lastIndex = at;
    const id = ELEMENT.exec(text)?.[1];
    if (id === undefined || Object.hasOwn(data, id)) throw new Error(`SD-ID at ${at}`);
    at = ELEMENT.lastIndex;
    const element: Record<string, string> = {};
    for (;;) {
      PARAMETER.lastIndex = at;
      const found = PARAMETER.exec(text);
      if (found === null) break;
      at = PARAMETER.lastIndex;
      element[found[1] ?? ''] = (found[2] ?? '').replaceAll(/\\(["\\\]])/g, '$1');
    }
    if (text[at++] !== ']') throw new Error(`element ${id} does not end`);
    data[id] = element;
  }
  if (at === from) throw new Error('no structured data');
  return { data, end: at };
}

/** Messages of a stream with octet counting (RFC 6587 3.4.1). */
export function readCounted(stream: Buffer): Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const length = /^([1-9]\d*) /.exec(stream.toString('latin1', at, at + 12))?.[1];
    if (length === undefined) throw new Error(`no length at ${at}`);
    const start = at + length.length + 1;
    at = start + Number(length);
    if (at > stream.length) throw new Error('message is cut');
    messages.push(stream.subarray(start, at));
  }
  return messages;
}
