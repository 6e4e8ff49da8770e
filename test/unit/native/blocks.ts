// Builds sealed blocks as the engine would, from plain objects.
import { type CounterName, counters } from '../../../src/native/counters.gen.js';
import {
  BLOCK_MAGIC,
  HEADER_BYTES,
  headerOffsets,
  LAYOUT_HASH,
  LAYOUT_VERSION,
  RECORD_BYTES,
  type RecordView,
  recordOffsets,
} from '../../../src/native/record.gen.js';

type Fields = Partial<Record<keyof typeof recordOffsets, number | bigint | readonly number[]>>;

const WRITERS: Readonly<Record<string, string>> = {
  setUint8: 'clockSource dscp endReason ipVersion kind mediaKind payloadType',
  setUint16: 'dstPort firstSequence lastSequence srcPort vlan vlanOther',
  setUint32:
    'clockRate comfortNoisePackets dtxResumptions lastTimestamp lossRunLongest markers payloadTypeChanges ' +
    'reorderExtentMax restarts rtcpPackets sequenceErrors ssrc telephoneEventPackets timestampJumps timestampStep',
  setFloat64:
    'deltaMaxMs deltaMeanMs duplicates expected jitterLastMs jitterMaxMs jitterMeanMs jitterSamples late ' +
    'lossRunPackets lossRuns lost octets packets recovered reordered',
  setBigInt64: 'firstNs lastNs streamStartNs',
  setBigUint64: 'dscpSeen payloadTypesHigh payloadTypesLow streamId',
};
const writerOf = new Map(
  Object.entries(WRITERS).flatMap(([writer, names]) => names.split(' ').map((name) => [name, writer])),
);

/** IPv4 as the record carries it: mapped into IPv6. */
export const ipv4 = (...octets: number[]) => [...Array(10).fill(0), 0xff, 0xff, ...octets];

/** A plain PCMA stream of 50 packets over a second, in the window from 10 s to 20 s. */
export const plainRecord: Fields = {
  streamId: 0x0123_4567_89ab_cdefn,
  streamStartNs: 10_000_000_000n,
  firstNs: 10_000_000_000n,
  lastNs: 10_980_000_000n,
  src: ipv4(192, 0, 2, 1),
  dst: ipv4(198, 51, 100, 2),
  ssrc: 0x00c0ffee,
  srcPort: 4000,
  dstPort: 5000,
  packets: 50,
  octets: 8000,
  expected: 50,
  clockRate: 8000,
  timestampStep: 160,
  firstSequence: 100,
  lastSequence: 149,
  vlan: 0xffff,
  vlanOther: 0xffff,
  jitterLastMs: 0.5,
  jitterMeanMs: 0.25,
  jitterMaxMs: 1,
  deltaMeanMs: 20,
  deltaMaxMs: 21,
  payloadTypesLow: 1n << 8n,
  payloadType: 8,
  dscp: 46,
  dscpSeen: 1n << 46n,
  kind: 1,
  clockSource: 1,
  ipVersion: 4,
  mediaKind: 1,
};

export interface BlockFields {
  flags?: number;
  windowStartNs?: bigint;
  windowEndNs?: bigint;
  counters?: Partial<Record<CounterName, number>>;
  records?: readonly Fields[];
}

/** Memory of a block; each record is `plainRecord` but for the fields given. */
export function blockOf(fields: BlockFields = {}): ArrayBuffer {
  const records = fields.records ?? [];
  const headerBytes = HEADER_BYTES + 8 * counters.length;
  const buffer = new ArrayBuffer(headerBytes + records.length * RECORD_BYTES);
  const view = new DataView(buffer);
  view.setUint32(headerOffsets.magic, BLOCK_MAGIC, true);
  view.setUint16(headerOffsets.version, LAYOUT_VERSION, true);
  view.setUint16(headerOffsets.headerBytes, headerBytes, true);
  view.setUint32(headerOffsets.layoutHash, LAYOUT_HASH, true);
  view.setUint32(headerOffsets.recordBytes, RECORD_BYTES, true);
  view.setUint32(headerOffsets.rows, records.length, true);
  view.setUint32(headerOffsets.counterCount, counters.length, true);
  view.setUint32(headerOffsets.flags, fields.flags ?? 0, true);
  view.setBigInt64(headerOffsets.windowStartNs, fields.windowStartNs ?? 10_000_000_000n, true);
  view.setBigInt64(headerOffsets.windowEndNs, fields.windowEndNs ?? 20_000_000_000n, true);
  for (const [i, { name }] of counters.entries())
    view.setFloat64(HEADER_BYTES + 8 * i, fields.counters?.[name] ?? 0, true);
  for (const [i, record] of records.entries())
    writeRecord(view, headerBytes + i * RECORD_BYTES, { ...plainRecord, ...record });
  return buffer;
}

function writeRecord(view: DataView, base: number, record: Fields): void {
  for (const [name, value] of Object.entries(record)) {
    const at = base + recordOffsets[name as keyof typeof recordOffsets];
    if (typeof value === 'object') {
      for (const [i, octet] of value.entries()) view.setUint8(at + i, octet);
      continue;
    }
    const writer = writerOf.get(name);
    if (writer === undefined) throw new Error(`no such field: ${name}`);
    const write = view[writer as 'setUint8'].bind(view) as (
      at: number,
      value: unknown,
      little: boolean,
    ) => void;
    write(at, value, true);
  }
}

export type { Fields, RecordView };
