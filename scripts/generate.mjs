// Writes everything that is generated from native/definitions: C++, TypeScript
// and documentation. `--check` only compares, for CI.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { exitWith, root } from './lib/process.mjs';
import { setup } from './setup.mjs';

const definition = (name) => parse(readFileSync(join(root, 'native/definitions', name), 'utf8'));

const sizes = { u8: 1, u16: 2, u32: 4, u64: 8, i64: 8, f32: 4, f64: 8 };
const cppTypes = {
  u8: 'uint8_t',
  u16: 'uint16_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
};

/** Gives every field its offset and refuses a layout that would need padding. */
function layOut(fields, what) {
  let offset = 0;
  const placed = fields.map((field) => {
    const [, base, count] = /^(\w+?)(?:\[(\d+)\])?$/.exec(field.type);
    const size = sizes[base];
    if (offset % size !== 0)
      throw new Error(`${what}.${field.name}: offset ${offset} is not a multiple of ${size}`);
    const at = offset;
    offset += size * Number(count ?? 1);
    return { ...field, base, count: count && Number(count), offset: at };
  });
  if (offset % 8 !== 0) throw new Error(`${what}: size ${offset} is not a multiple of 8`);
  return { fields: placed, bytes: offset };
}

/** FNV-1a over names, types and offsets: both sides compare it before reading. */
function hashOf(text) {
  let h = 0x811c9dc5;
  for (const c of Buffer.from(text)) h = Math.imul(h ^ c, 0x01000193) >>> 0;
  return h;
}

const snake = (name) => name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
const upper = (name) => name[0].toUpperCase() + name.slice(1);
const unitOf = (f) => (f.unit ? ` [${f.unit}]` : '');
const sourceOf = (f) => (f.source ? ` (${f.source})` : '');

const layout = definition('record.yaml');
const header = layOut(layout.header, 'header');
const record = layOut(layout.record, 'record');
const report = layOut(definition('report.yaml').report, 'report');
const { counters } = definition('counters.yaml');
const { constants } = layout;
const hash = hashOf(
  JSON.stringify([
    layout.version,
    [header, record, report].map((s) => s.fields.map((f) => [f.name, f.type, f.offset])),
    counters.map((c) => [c.name, c.fate]),
    constants.map((c) => [c.name, c.values]),
  ]),
);
const hex = (n) => `0x${n.toString(16).padStart(8, '0')}`;

const meaningOf = (f) => `${f.doc}${unitOf(f)}${sourceOf(f)}`;
const cppField = (f) =>
  `  ${cppTypes[f.base]} ${snake(f.name)}${f.count ? `[${f.count}]` : ''};  // ${meaningOf(f)}`;
const cppStruct = (name, { fields, bytes }, lines = fields.map(cppField)) => `struct ${name} {
${lines.join('\n')}
};
static_assert(sizeof(${name}) == ${bytes});
`;

// What an endpoint said of its own reception: the floats of a report that begin with its name.
// They follow one another, so that C++ keeps them as one structure.
const endpointFields = report.fields.filter((f) => f.name.startsWith('endpoint') && f.base === 'f32');
const lower = (name) => name[0].toLowerCase() + name.slice(1);
const figureName = (f) => lower(f.name.slice('endpoint'.length));
const figureDoc = (f) => f.doc.replace(/^By the endpoint: /, '');
const firstFigure = report.fields.indexOf(endpointFields[0]);
if (endpointFields.some((f, i) => report.fields[firstFigure + i] !== f))
  throw new Error('report: the floats that begin with "endpoint" must follow one another');
const reportLines = report.fields
  .filter((f) => f === endpointFields[0] || !endpointFields.includes(f))
  .map((f) => (f === endpointFields[0] ? '  EndpointFigures endpoint;' : cppField(f)));

const notice = 'Generated from native/definitions by `npm run generate`. Do not edit.';

const figuresHeader = `// ${notice}
#pragma once

#include <cstddef>
#include <limits>

namespace rtpsonde {

// Figures that endpoints report, in the order of the report: NaN when not reported.
struct EndpointFigures {
  static constexpr float kUnknown = std::numeric_limits<float>::quiet_NaN();

${endpointFields.map((f) => `  float ${snake(figureName(f))} = kUnknown;  // ${meaningOf({ ...f, doc: figureDoc(f) })}`).join('\n')}
};
constexpr size_t kEndpointFigures = ${endpointFields.length};
static_assert(sizeof(EndpointFigures) == kEndpointFigures * sizeof(float));

}  // namespace rtpsonde
`;

const recordHeader = `// ${notice}
#pragma once

#include <cstdint>

#include "core/stream/endpoint_figures.gen.h"

namespace rtpsonde {

constexpr uint32_t kBlockMagic = 0x52545053;
constexpr uint16_t kLayoutVersion = ${layout.version};
constexpr uint32_t kLayoutHash = ${hex(hash)};

${cppStruct('BlockHeader', header)}
${cppStruct('StreamRecord', record)}
${cppStruct('ReportRecord', report, reportLines)}
}  // namespace rtpsonde
`;

// kPdvBinEnds_ms: as everywhere in C++, the unit stands apart.
const cppName = (name) => `k${upper(name).replace(/Ms$/, '_ms')}`;
const constantsHeader = `// ${notice}
#pragma once

#include <cstddef>

namespace rtpsonde {

${constants
  .map(({ name, doc, values }) =>
    typeof values[0] === 'number'
      ? `// ${doc}\ninline constexpr float ${cppName(name)}[${values.length}] = {${values.map((v) => (Number.isInteger(v) ? v : `${v}F`)).join(', ')}};`
      : `// Number of ${name}: ${values.join(', ')}\nconstexpr size_t ${cppName(name)} = ${values.length};`,
  )
  .join('\n')}

}  // namespace rtpsonde
`;

const countersHeader = `// ${notice}
#pragma once

#include <cstddef>
#include <cstdint>

namespace rtpsonde {

enum class Counter : uint8_t {
${counters.map((c) => `  k${upper(c.name)},  // ${c.doc}`).join('\n')}
};
constexpr size_t kCounterCount = ${counters.length};

// The fate of a packet or the nature of a counter; see native/definitions/counters.yaml.
enum class Fate : uint8_t { kTotal, kUsed, kPending, kReason, kKernel, kEvent, kGauge };

// What the values of several workers make together.
enum class Merge : uint8_t { kSum, kMax, kEarliest };

struct CounterInfo {
  const char* name;
  Fate fate;
  Merge merge;
};
inline constexpr CounterInfo kCounterInfo[kCounterCount] = {
${counters.map((c) => `    {"${c.name}", Fate::k${upper(c.fate)}, Merge::k${upper(c.merge ?? 'sum')}},`).join('\n')}
};

}  // namespace rtpsonde
`;

const getters = {
  u8: 'getUint8',
  u16: 'getUint16',
  u32: 'getUint32',
  u64: 'getBigUint64',
  i64: 'getBigInt64',
  f32: 'getFloat32',
  f64: 'getFloat64',
};
const tsTypes = (what, { fields }) => `
/** Type of every field of a ${what}, for what writes one. */
export const ${what}Types = {
${fields.map((f) => `  ${f.name}: '${f.type}',`).join('\n')}
} as const;
`;

const endpointTs = `
/** Metrics that endpoints report, in the order of the record: NaN at \`offset\` when not reported. */
export const endpointMetrics = [
${endpointFields
  .map((f) => {
    const doc = `${figureDoc(f)}${f.unit ? `, ${f.unit}` : ''}${sourceOf(f)}`;
    return `  { name: '${figureName(f)}', offset: ${f.offset}, doc: ${JSON.stringify(doc)} },`;
  })
  .join('\n')}
] as const;
`;
const tsAccessors = (
  what,
  { fields, bytes },
) => `/** Byte offsets within ${what === 'header' ? 'the block header' : `one ${what}`}. */
export const ${what}Offsets = {
${fields.map((f) => `  ${f.name}: ${f.offset},`).join('\n')}
} as const;

export const ${what.toUpperCase()}_BYTES = ${bytes};

/** Reads fields in place; move \`base\` to read another one. */
export class ${what === 'header' ? 'BlockHeader' : upper(what)}View {
  base = 0;
  constructor(readonly view: DataView) {}
${fields
  .filter((f) => f.name !== 'reserved')
  .map((f) => {
    const doc = `  /** ${f.doc}${unitOf(f)}${sourceOf(f)} */\n`;
    if (f.count && f.base !== 'u8')
      return `${doc}  ${f.name}(i: number): number {\n    return this.view.${getters[f.base]}(this.base + ${f.offset} + i * ${sizes[f.base]}, true);\n  }`;
    if (f.count)
      return `${doc}  get ${f.name}(): Uint8Array {\n    return new Uint8Array(this.view.buffer, this.view.byteOffset + this.base + ${f.offset}, ${f.count});\n  }`;
    const type = f.base === 'u64' || f.base === 'i64' ? 'bigint' : 'number';
    const le = f.base === 'u8' ? '' : ', true';
    return `${doc}  get ${f.name}(): ${type} {\n    return this.view.${getters[f.base]}(this.base + ${f.offset}${le});\n  }`;
  })
  .join('\n')}
}
`;

const recordTs = `// ${notice}

export const BLOCK_MAGIC = 0x52545053;
export const LAYOUT_VERSION = ${layout.version};
export const LAYOUT_HASH = ${hex(hash)};

${constants.map(({ name, doc, values }) => `/** ${doc} */\nexport const ${name} = ${JSON.stringify(values).replaceAll('"', "'").replaceAll(',', ', ')} as const;`).join('\n')}

${tsAccessors('header', header)}
${tsAccessors('record', record)}
${tsAccessors('report', report)}${tsTypes('record', record)}${tsTypes('report', report)}${endpointTs}`;

const countersTs = `// ${notice}

/** The fate of a packet or the nature of a counter; see docs/counters.md. */
export type Fate = 'total' | 'used' | 'pending' | 'reason' | 'kernel' | 'event' | 'gauge';

/** Every counter in the order of the block. */
export const counters = [
${counters.map((c) => `  { name: '${c.name}', fate: '${c.fate}', doc: ${JSON.stringify(c.doc)} },`).join('\n')}
] as const satisfies readonly { name: string; fate: Fate; doc: string }[];

export type CounterName = (typeof counters)[number]['name'];
`;

const cell = (text) => String(text).replaceAll('|', '\\|');
const table = (fields) =>
  `| offset | name | type | unit | meaning | source |\n| --- | --- | --- | --- | --- | --- |\n${fields
    .map(
      (f) =>
        `| ${f.offset} | \`${f.name}\` | ${f.type} | ${f.unit ?? ''} | ${cell(f.doc)} | ${f.source ?? ''} |`,
    )
    .join('\n')}\n`;

const recordDoc = `<!-- ${notice} -->
# Record layout

What crosses from C++ to TypeScript: one block per window and worker. Little-endian, layout version ${layout.version}, hash \`${hex(hash)}\`.
A block is a header of ${header.bytes} bytes, the counters (float64, [their list](counters.md)), records of ${record.bytes} bytes and
reports of ${report.bytes} bytes, one for each record of a stream that RTCP spoke of.

## Header

${table(header.fields)}
## Record

${table(record.fields)}
## Report

${table(report.fields)}
## Constants

${constants.map(({ name, doc, values }) => `* \`${name}\`: ${doc}: ${values.join(', ')}`).join('\n')}
`;

const countersDoc = `<!-- ${notice} -->
# Counters: what became of every packet

\`packets\` = the sum of all \`used\`, \`pending\` and \`reason\` counters, exactly.
\`kernel\` counts what never reached the probe; \`event\` and \`gauge\` are outside the balance.

| name | fate | meaning |
| --- | --- | --- |
${counters.map((c) => `| \`${c.name}\` | ${c.fate} | ${cell(c.doc)} |`).join('\n')}
`;

const outputs = {
  'native/core/stream/endpoint_figures.gen.h': figuresHeader,
  'native/core/window/record.gen.h': recordHeader,
  'native/core/base/constants.gen.h': constantsHeader,
  'native/core/base/counters.gen.h': countersHeader,
  'src/native/record.gen.ts': recordTs,
  'src/native/counters.gen.ts': countersTs,
  'docs/record.md': recordDoc,
  'docs/counters.md': countersDoc,
};

const check = process.argv.includes('--check');
const stale = [];
for (const [name, text] of Object.entries(outputs)) {
  const path = join(root, name);
  if (check) {
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) stale.push(name);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
if (stale.length > 0)
  console.error(`stale generated files, run \`npm run generate\`:\n  ${stale.join('\n  ')}`);
// What TypeScript itself defines (config, summaries, errors) is generated by the built program.
await exitWith(() => {
  if (!check) setup({ native: false });
  const documents = join(root, 'dist/cli/generate-docs.js');
  const { status } = spawnSync(process.execPath, [documents, ...(check ? ['--check'] : [])], {
    stdio: 'inherit',
    cwd: root,
  });
  return status !== 0 || stale.length > 0 ? 1 : 0;
});
