// RTCP of the shared captures, frame by frame and field by field: what we read is
// what tshark reads, but for what is explained; and the oracle counts the same.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { captureOfDatagrams, SOURCE_PORT } from './capture-writer.js';
import { differencesOf, fieldDifferences, isReadable } from './rtcp-differences.js';
import { fieldExplanations, fieldReasons, frameExplanations, frameReasons } from './rtcp-explanations.js';
import { hasDump, type RtcpFrame, rtcpFrames } from './rtcp-fields.js';
import { captureNames, capturePath, oracleRtcp } from './support.js';
import { hasTool } from './tshark.js';
import { tsharkRtcp } from './tshark-rtcp.js';

const present = captureNames.length > 0 && hasDump();
if (captureNames.length === 0) console.log('NOT RUN: RTCP against tshark: no ../shared/captures');
const withTshark = present && hasTool('tshark', 'RTCP of the shared captures, frame by frame');

const TIMEOUT_MS = 120_000;

/** Other people's datagrams that stand on a port of their own, as the oracle has it. */
const fuzzPorts = (name: string) => (/^(fuzz-rtcp|xr-vectors)/.test(name) ? [40001] : []);

describe.skipIf(!present)('RTCP of the shared captures', () => {
  const read = new Map<string, Map<number, RtcpFrame>>();
  beforeAll(() => {
    for (const name of captureNames) read.set(name, rtcpFrames(capturePath(name)));
  }, TIMEOUT_MS);

  const explainedFrames = (name: string) => Object.values(frameExplanations[name] ?? {}).flat();
  /** Captures in which we or the oracle see RTCP. */
  const compared = captureNames.filter((name) => oracleRtcp(name).frames > 0);

  describe('packets by type are those of the oracle:', () => {
    // Where frames are explained the sums differ; the frames are compared below.
    for (const name of compared.filter((each) => frameExplanations[each] === undefined)) {
      it(name, () => {
        const counts: Record<string, number> = {};
        for (const { fields } of [...read.get(name)!.values()].filter(isReadable)) {
          for (const type of fields['rtcp.pt'] ?? []) counts[String(type)] = (counts[String(type)] ?? 0) + 1;
        }
        expect(counts).toEqual(oracleRtcp(name).packets_by_type);
      });
    }
  });

  it('no frame is read where the oracle has none', () => {
    const others = captureNames.filter((name) => !compared.includes(name));
    expect(others.filter((name) => [...read.get(name)!.values()].some(isReadable))).toEqual([]);
  });

  describe.skipIf(!withTshark)('the frames are those that tshark finds, but for what is explained:', () => {
    for (const name of compared) {
      it(name, { timeout: TIMEOUT_MS }, () => {
        const readable = [...read.get(name)!]
          .filter(([, frame]) => isReadable(frame))
          .map(([number]) => number);
        const found = [...tsharkRtcp(capturePath(name), fuzzPorts(name)).keys()];
        const differing = [
          ...readable.filter((frame) => !found.includes(frame)),
          ...found.filter((frame) => !readable.includes(frame)),
        ];
        expect(differing.sort((a, b) => a - b)).toEqual(explainedFrames(name).sort((a, b) => a - b));
      });
    }
  });

  it('what is explained as SRTCP is encrypted to us', () => {
    const verdicts = Object.entries(frameExplanations).flatMap(([name, reasons]) =>
      (reasons['srtcp-parsed-as-clear'] ?? []).map((frame) => read.get(name)!.get(frame)?.verdict),
    );
    expect(new Set(verdicts)).toEqual(new Set(['encrypted']));
  });

  describe.skipIf(!withTshark)(
    'every field has the value that tshark has, but for what is explained:',
    () => {
      for (const name of compared) {
        it(name, { timeout: TIMEOUT_MS }, () => {
          const differences = fieldDifferences(capturePath(name), read.get(name)!);
          const wanted = fieldExplanations[name] ?? {};
          const unexplained = differences.filter(({ frame, field }) => wanted[frame]?.[field] === undefined);
          const nothingToExplain = Object.entries(wanted).flatMap(([frame, fields]) =>
            Object.keys(fields)
              .filter(
                (field) => !differences.some((each) => each.frame === Number(frame) && each.field === field),
              )
              .map((field) => `${frame} ${field}`),
          );
          expect({ unexplained, nothingToExplain }).toEqual({ unexplained: [], nothingToExplain: [] });
        });
      }
    },
  );

  it.skipIf(!withTshark)('XNQ (RFC 5093), which no capture has, is what tshark reads', () => {
    // XR of sender 0x2a: block type 8, 8 words; 16 bit figures are two in a word.
    const words = [
      0x80cf000a, 0x0000002a, 0x08000008, 0x00010100, 0x00020003, 0x00000004, 0x00050006, 0x00000007,
      0x00000008, 0x00000009, 0x0000000a,
    ];
    const payload = Buffer.alloc(4 * words.length);
    for (const [index, word] of words.entries()) payload.writeUInt32BE(word, 4 * index);
    const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-golden-'));
    try {
      const file = join(folder, 'xnq.pcap');
      writeFileSync(file, captureOfDatagrams([{ seconds: 0, payload }]));
      const ours = rtcpFrames(file).get(1)!.fields;
      expect(ours['rtcp.xr.btxnq.ses']).toEqual([10]);
      expect(differencesOf(1, ours, tsharkRtcp(file, [SOURCE_PORT]).get(1)!)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('every reason is used, and every capture that is explained is compared', () => {
    const usedForFrames = Object.values(frameExplanations).flatMap((reasons) => Object.keys(reasons));
    const usedForFields = Object.values(fieldExplanations).flatMap((frames) =>
      Object.values(frames).flatMap((fields) => Object.values(fields)),
    );
    expect([...new Set(usedForFrames)].sort()).toEqual(Object.keys(frameReasons).sort());
    expect([...new Set(usedForFields)].sort()).toEqual(Object.keys(fieldReasons).sort());
    const explained = [...Object.keys(frameExplanations), ...Object.keys(fieldExplanations)];
    expect(explained.filter((name) => !compared.includes(name))).toEqual([]);
  });
});
