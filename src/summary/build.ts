// From a record of the engine, and what stands beside it, to the line that leaves
// the probe. Each topic has its own build-*.ts; the order of fields is that of writing.
import { KIND_STREAM } from '../native/block.js';
import { type RecordView, recordOffsets } from '../native/record.gen.js';
import { writeDamage } from './build-damage.js';
import { writeDelay, writeSkewDrift } from './build-delay.js';
import { legsOf, writeDirection, writeLegs } from './build-legs.js';
import { networkLossOf, writeLoss } from './build-loss.js';
import { ratingOf, writeMos } from './build-quality.js';
import { writeEndpoint, writeRtcp } from './build-rtcp.js';
import { basicsOf, writeCounts, writeIdentity } from './build-stream.js';
import { ChunkPool } from './chunk.js';
import type { SummaryContext } from './context.js';
import { formatTime, type WindowBounds } from './format.js';
import type { Joined } from './joined.js';
import { JsonText, jsonKeys } from './json-text.js';
import { SummaryLine } from './line.js';
import type { StreamSummary, WindowSummary } from './schema.js';
import { SummaryWriter } from './summary-writer.js';
import { SCHEMA_VERSION } from './version.js';

const END_REASONS = ['stopped', 'idle', 'end-of-capture', 'evicted', 'stopped', 'shed'] as const;

/** What the lines of one kind have in common within a block, ready to be copied. */
class Frame {
  /** Up to the stream within the id. */
  readonly head: JsonText;
  /** From there to the id of the stream. */
  readonly idEnd: JsonText;
  /** What only this kind of summary has, the same for all streams. */
  readonly tail: JsonText;
  /** Where the id lies in a line, quotes included: bytes. */
  readonly idAt: number;
  readonly idBytes: number;

  constructor(kind: RecordKind, probe: string, idSuffix: string, tail: string) {
    const start = `"kind":"${kind}","schema":${SCHEMA_VERSION},"id":`;
    const idStart = JSON.stringify(`${probe}/`).slice(0, -1);
    const idEnd = `${idSuffix}"`;
    this.head = new JsonText(start + idStart);
    this.idEnd = new JsonText(`${idEnd},"probe":${JSON.stringify(probe)},"streamId":"`);
    this.tail = new JsonText(tail);
    this.idAt = '{'.length + start.length;
    this.idBytes = Buffer.byteLength(idStart) + HEX_DIGITS + idEnd.length;
  }
}

const HEX_DIGITS = 16;
type RecordKind = 'window' | 'stream';

const keys = jsonKeys<keyof StreamSummary | keyof WindowSummary>('recovered', 'endReason');
const STRING_END = new JsonText('",');

/** Makes the lines of the records of one block after another. */
export class RecordLines {
  readonly #pool = new ChunkPool();
  // Apart, since memory is given back when the last line in it is gone: an exporter that takes
  // streams alone holds no windows.
  readonly #windows = new SummaryWriter(this.#pool);
  readonly #streams = new SummaryWriter(this.#pool);
  #context!: SummaryContext;
  #windowFrame!: Frame;
  #streamFrame!: Frame;
  #windowMs = Number.NaN;

  /** Begins a block. */
  begin({ windowStartNs, windowEndNs }: WindowBounds, context: SummaryContext): void {
    const times = { windowStart: formatTime(windowStartNs), windowEnd: formatTime(windowEndNs) };
    const tail = `${JSON.stringify(times).slice(1, -1)},`;
    this.#windowFrame = new Frame('window', context.probe, `/${windowStartNs / 1_000_000n}`, tail);
    this.#streamFrame = new Frame('stream', context.probe, '', '');
    this.#windowMs = Number(windowEndNs - windowStartNs) / 1e6;
    this.#context = context;
  }

  /** The summary of a record of this block: of the window, or of the whole stream. */
  of(record: RecordView, joined: Joined): SummaryLine {
    if (record.kind === KIND_STREAM) {
      const out = this.#streams;
      this.#write(out, this.#streamFrame, record, joined, Number.NaN);
      writeSkewDrift(out, joined.direction.skewDrift);
      out.string(keys.endReason, END_REASONS[record.endReason] ?? 'stopped');
      return this.#end('stream', out, this.#streamFrame);
    }
    const out = this.#windows;
    this.#write(out, this.#windowFrame, record, joined, this.#windowMs);
    out.number(keys.recovered, record.recovered);
    return this.#end('window', out, this.#windowFrame);
  }

  /** To be called when the lines that were made have been handed on: those that nobody retained are overwritten. */
  settle(): void {
    this.#windows.settle();
    this.#streams.settle();
  }

  #write(out: SummaryWriter, frame: Frame, record: RecordView, joined: Joined, windowMs: number): void {
    const context = this.#context;
    const { view, base } = record;
    const { report } = joined;
    const basics = basicsOf(record, context);
    const network = networkLossOf(record, report);
    const legs = legsOf(record, joined);
    const idHigh = view.getUint32(base + recordOffsets.streamId + 4, true);
    const idLow = view.getUint32(base + recordOffsets.streamId, true);
    out.begin();
    out.put(frame.head);
    out.hexDigits(idHigh, idLow);
    out.put(frame.idEnd);
    out.hexDigits(idHigh, idLow);
    out.put(STRING_END);
    writeIdentity(out, record, basics);
    writeCounts(out, record, basics, context);
    writeLoss(out, record, network, basics.packetTimeMs, context);
    writeDamage(out, record, report);
    writeDelay(out, record, network, context);
    writeLegs(out, legs);
    writeRtcp(out, record, report);
    writeEndpoint(out, report);
    writeDirection(out, record, joined);
    writeMos(out, ratingOf(record, network, basics, legs, windowMs, context));
    out.put(frame.tail);
  }

  #end(kind: RecordKind, out: SummaryWriter, { idAt, idBytes }: Frame): SummaryLine {
    out.end();
    return new SummaryLine(kind, out.chunk, out.lineStart, out.lineEnd, idAt, idBytes);
  }
}
