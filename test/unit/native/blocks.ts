// Builds sealed blocks as the engine would, from plain objects.
import { type CounterName, counters } from '../../../src/native/counters.gen.js';
import {
  BLOCK_MAGIC,
  HEADER_BYTES,
  headerOffsets,
  LAYOUT_HASH,
  LAYOUT_VERSION,
  RECORD_BYTES,
  REPORT_BYTES,
  type RecordView,
  recordOffsets,
  recordTypes,
  reportOffsets,
  reportTypes,
} from '../../../src/native/record.gen.js';

type Value = number | bigint | readonly number[] | Uint8Array;
type Fields = Partial<Record<keyof typeof recordOffsets, Value>>;
type ReportFields = Partial<Record<keyof typeof reportOffsets, Value>>;

const SETTERS = {
  u8: { set: 'setUint8', bytes: 1 },
  u16: { set: 'setUint16', bytes: 2 },
  u32: { set: 'setUint32', bytes: 4 },
  u64: { set: 'setBigUint64', bytes: 8 },
  i64: { set: 'setBigInt64', bytes: 8 },
  f32: { set: 'setFloat32', bytes: 4 },
  f64: { set: 'setFloat64', bytes: 8 },
} as const;

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
  interface: 15,
  interfaceOther: 15,
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
  pairId: 0xabcdn,
  decided: 50,
  ...everyNaN(recordTypes),
  reportRow: 0xffff_ffff,
  innerVlan: 0xffff,
  redPrimaryPayloadType: 255,
};

/** A report of the kind that says nothing: counts 0, the rest unknown. */
export const plainReport: ReportFields = {
  kind: 1,
  ...everyNaN(reportTypes),
  ...{ endpointPlc: 255, endpointBufferKind: 255, endpointBufferRate: 255 },
  ...{ endpointPdvKind: 255, endpointMosAlgorithm: 255, endpointMosPayloadType: 255 },
  ...{ endpointDejitterKind: 255, endpointConcealmentPlc: 255, endpointBurstCombined: 255 },
};

/** NaN in every f32, and every f64 of a report that is no count: what is unknown unless said. */
function everyNaN(types: Readonly<Record<string, string>>): Record<string, number> {
  const unknown = Object.entries(types).filter(
    ([name, type]) =>
      type === 'f32' || (/^(?:reported|.*Rtt|senderClock|remb).*/.test(name) && type === 'f64'),
  );
  return Object.fromEntries(unknown.map(([name]) => [name, Number.NaN]));
}

export interface BlockFields {
  flags?: number;
  windowStartNs?: bigint;
  windowEndNs?: bigint;
  counters?: Partial<Record<CounterName, number>>;
  records?: readonly Fields[];
  /** Each for the record in `streamRow`, which gets its `reportRow`. */
  reports?: readonly ReportFields[];
}

/** Memory of a block; each record is `plainRecord` but for the fields given, each report `plainReport`. */
export function blockOf(fields: BlockFields = {}): ArrayBuffer {
  const records = fields.records ?? [];
  const headerBytes = HEADER_BYTES + 8 * counters.length;
  const reports = fields.reports ?? [];
  const reportsAt = headerBytes + records.length * RECORD_BYTES;
  const buffer = new ArrayBuffer(reportsAt + reports.length * REPORT_BYTES);
  const view = new DataView(buffer);
  view.setUint32(headerOffsets.magic, BLOCK_MAGIC, true);
  view.setUint16(headerOffsets.version, LAYOUT_VERSION, true);
  view.setUint16(headerOffsets.headerBytes, headerBytes, true);
  view.setUint32(headerOffsets.layoutHash, LAYOUT_HASH, true);
  view.setUint32(headerOffsets.recordBytes, RECORD_BYTES, true);
  view.setUint32(headerOffsets.rows, records.length, true);
  view.setUint32(headerOffsets.reports, reports.length, true);
  view.setUint32(headerOffsets.reportBytes, REPORT_BYTES, true);
  view.setUint32(headerOffsets.counterCount, counters.length, true);
  view.setUint32(headerOffsets.flags, fields.flags ?? 0, true);
  view.setBigInt64(headerOffsets.windowStartNs, fields.windowStartNs ?? 10_000_000_000n, true);
  view.setBigInt64(headerOffsets.windowEndNs, fields.windowEndNs ?? 20_000_000_000n, true);
  for (const [i, { name }] of counters.entries())
    view.setFloat64(HEADER_BYTES + 8 * i, fields.counters?.[name] ?? 0, true);
  for (const [i, record] of records.entries())
    write(view, headerBytes + i * RECORD_BYTES, recordOffsets, recordTypes, { ...plainRecord, ...record });
  for (const [i, report] of reports.entries()) {
    const row = Number(report.streamRow ?? 0);
    write(view, reportsAt + i * REPORT_BYTES, reportOffsets, reportTypes, { ...plainReport, ...report });
    write(view, headerBytes + row * RECORD_BYTES, recordOffsets, recordTypes, { reportRow: i });
  }
  return buffer;
}

function write<Name extends string>(
  view: DataView,
  base: number,
  offsets: Readonly<Record<Name, number>>,
  types: Readonly<Record<Name, string>>,
  fields: Partial<Record<Name, Value>>,
): void {
  for (const [name, value] of Object.entries(fields) as [Name, Value][]) {
    const type = types[name].replace(/\[\d+\]$/, '') as keyof typeof SETTERS;
    const { set, bytes } = SETTERS[type];
    const values = typeof value === 'object' ? [...value] : [value];
    for (const [i, one] of values.entries())
      (view[set] as (at: number, value: unknown, little: boolean) => void).call(
        view,
        offsets[name] + base + i * bytes,
        one,
        true,
      );
  }
}

export type { Fields, RecordView, ReportFields };
