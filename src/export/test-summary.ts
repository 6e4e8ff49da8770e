// A summary that measures nothing, to try an exporter with.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  captureSummarySchema,
  type Summary,
  streamSummarySchema,
  windowSummarySchema,
} from '../summary/schema.js';
import type { SummaryKind } from './exporter.js';

/** Begins the id of every such summary. */
export const TEST_ID_PREFIX = 'test-';

const TEXT = 'test of an exporter: nothing was measured';

/** Of a JSON Schema, what is needed here. */
interface Node {
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Node[];
  type?: string | readonly string[];
  properties?: Readonly<Record<string, Node>>;
  items?: Node;
  minItems?: number;
  minimum?: number;
}

/**
 * Valid by the schema, with an id of its own that says that it is a test. All that may be unknown is so, counts are 0,
 * and addresses are those for documentation (RFC 5737).
 */
export function testSummary(kind: SummaryKind, probe: string, nowMs: number): Summary {
  const now = new Date(nowMs).toISOString();
  const head = { id: `${TEST_ID_PREFIX}${randomUUID()}`, probe };
  const window = { windowStart: now, windowEnd: now };
  if (kind === 'capture') {
    const blank = blankOf(captureSummarySchema) as Extract<Summary, { kind: 'capture' }>;
    return { ...blank, ...head, ...window, confidence: { ...blank.confidence, text: TEXT } };
  }
  const stream = {
    ...head,
    streamId: '0000000000000000',
    pairId: '0000000000000000',
    ssrc: '0x00000000',
    src: '192.0.2.1',
    dst: '192.0.2.2',
    start: now,
    end: now,
  };
  const blank = blankOf(kind === 'window' ? windowSummarySchema : streamSummarySchema) as Extract<
    Summary,
    { kind: 'window' | 'stream' }
  >;
  const damage = { ...blank.damage, text: TEXT };
  return blank.kind === 'window'
    ? { ...blank, ...stream, ...window, damage }
    : { ...blank, ...stream, damage };
}

function blankOf(schema: z.ZodType): unknown {
  return blank(z.toJSONSchema(schema) as Node);
}

/** The least that a schema takes. */
function blank(node: Node): unknown {
  if ('const' in node) return node.const;
  if (Array.isArray(node.type) && node.type.includes('null')) return null;
  if (node.anyOf !== undefined)
    return node.anyOf.some(({ type }) => type === 'null') ? null : blank(node.anyOf[0] ?? {});
  if (node.enum !== undefined) return node.enum[0];
  switch (node.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(node.properties ?? {}).map(([key, part]) => [key, blank(part)]),
      );
    case 'array':
      return Array.from({ length: node.minItems ?? 0 }, () => blank(node.items ?? {}));
    case 'string':
      return '';
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return Math.max(0, node.minimum ?? 0);
  }
}
