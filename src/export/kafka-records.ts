// Summary lines as messages of Kafka: which topic, which key, which bytes.
import type { SummaryKind, SummaryLine } from './exporter.js';
import { summaryOf } from './summary-of.js';

/** What a message is put under, so that those with the same key stay in order. */
export type KafkaKey = 'stream' | 'pair';

export interface KafkaMessage {
  topic: string;
  key: Buffer;
  /** The summary as JSON, without the newline. */
  value: Buffer;
}

/** Looked for in the text: a quote inside of a string is escaped, so what is found is a field. Both are hex digits. */
const FIELDS: Readonly<Record<KafkaKey, string>> = { stream: '"streamId":"', pair: '"pairId":"' };
const QUOTE = 0x22;

export function messageOf(
  line: SummaryLine,
  topics: Readonly<Record<SummaryKind, string>>,
  key: KafkaKey,
): KafkaMessage {
  const bytes = Buffer.allocUnsafe(line.length);
  line.copyTo(bytes, 0);
  const value = bytes.subarray(0, line.length - 1);
  // Captures are few, so that reading the whole summary does not count.
  const keyBytes =
    line.kind === 'capture' ? Buffer.from(summaryOf(line).probe) : fieldBytes(value, FIELDS[key]);
  return { topic: topics[line.kind], key: keyBytes ?? Buffer.from(line.id), value };
}

/** The text of the first field of that name, which is the summary's own: objects inside come later. */
function fieldBytes(json: Buffer, field: string): Buffer | null {
  const at = json.indexOf(field);
  if (at < 0) return null;
  const from = at + field.length;
  return json.subarray(from, json.indexOf(QUOTE, from));
}
