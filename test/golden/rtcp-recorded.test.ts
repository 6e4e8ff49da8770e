// RTCP of recorded clients and of simulated ends, frame by frame and field by field:
// what we read is what tshark reads, but for what is explained.
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { allXrTypes } from '../../src/simulate/index.js';
import { fieldDifferences, isReadable } from './rtcp-differences.js';
import { hasDump, rtcpFrames } from './rtcp-fields.js';
import { make } from './simulation.js';
import { hasTool } from './tshark.js';
import { tsharkRtcp } from './tshark-rtcp.js';

const folder = fileURLToPath(new URL('../captures/', import.meta.url));
const isReady = hasDump() && hasTool('tshark', 'RTCP of recorded clients and of simulated ends');
const TIMEOUT_MS = 120_000;

const recorded = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.pcap')) : [];

describe.skipIf(!isReady)('RTCP of recorded clients, field by field:', () => {
  for (const name of recorded) {
    it(name, { timeout: TIMEOUT_MS }, () => {
      const read = rtcpFrames(`${folder}${name}`);
      // tshark takes STUN on such a port for RTCP without a packet in it.
      const found = [...tsharkRtcp(`${folder}${name}`)]
        .filter(([, fields]) => fields['rtcp.pt'] !== undefined)
        .map(([number]) => number);
      const readable = [...read].filter(([, frame]) => isReadable(frame)).map(([number]) => number);
      expect(found.filter((frame) => !readable.includes(frame))).toEqual([]);
      if (name.includes('legs')) expect(readable.length).toBeGreaterThan(5);
      expect(fieldDifferences(`${folder}${name}`, read)).toEqual([]);
    });
  }
});

describe.skipIf(!isReady)('RTCP of simulated ends', () => {
  it('with every kind of report and feedback is what tshark reads', { timeout: TIMEOUT_MS }, () => {
    const { file } = make({ profile: 'reports', srtp: false, seed: 38 });
    const whole = rtcpFrames(file);
    const types = new Set([...whole.values()].flatMap(({ fields }) => fields['rtcp.xr.bt'] ?? []));
    expect([...types].sort()).toEqual([...allXrTypes].sort());
    expect(fieldDifferences(file, rtcpFrames(file, true))).toEqual([]);
    // What tshark cannot tell is only of blocks that it does not know.
    const unknown = fieldDifferences(file, whole);
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.filter(({ field }) => !['rtcp.ssrc.identifier', 'rtcp.pt'].includes(field))).toEqual([]);
  });
});

it.skipIf(!hasDump())("linphone's capture holds receiver reference times", () => {
  const frames = [...rtcpFrames(`${folder}linphone-two-legs.pcap`).values()];
  expect(new Set(frames.flatMap(({ fields }) => fields['rtcp.xr.bt'] ?? []))).toEqual(new Set([4]));
});
