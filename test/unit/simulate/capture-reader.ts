// Reads the captures of the simulation back, by its own means: classic pcap,
// Ethernet, VLAN, IP, UDP, RTP. And recounts streams from the bytes alone.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type SimulateRequest, simulate, type Truth } from '../../../src/simulate/index.js';

export interface ReadPacket {
  /** ns since the Unix epoch. */
  ns: bigint;
  frame: Buffer;
  vlans: number[];
  ipVersion: number;
  srcPort: number;
  dstPort: number;
  /** UDP payload; empty for everything else. */
  payload: Buffer;
}

/** Runs the simulation in a folder of its own, which is removed again. */
export function run(request: SimulateRequest): { truth: Truth; bytes: Buffer; written: unknown } {
  const folder = mkdtempSync(join(tmpdir(), 'rtpsonde-simulate-'));
  try {
    const path = join(folder, 'out.pcap');
    const truth = simulate(request, path);
    const written: unknown = JSON.parse(readFileSync(`${path}.truth.json`, 'utf8'));
    return { truth, bytes: readFileSync(path), written };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function readPackets(bytes: Buffer): ReadPacket[] {
  const unit = bytes.readUInt32LE(0) === 0xa1b23c4d ? 1n : 1000n;
  const packets: ReadPacket[] = [];
  for (let at = 24; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at + 8);
    const ns = BigInt(bytes.readUInt32LE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32LE(at + 4)) * unit;
    packets.push({ ns, ...parseFrame(bytes.subarray(at + 16, at + 16 + length)) });
    at += 16 + length;
  }
  return packets;
}

function parseFrame(frame: Buffer): Omit<ReadPacket, 'ns'> {
  const vlans: number[] = [];
  let at = 12;
  for (; frame.readUInt16BE(at) === 0x8100 || frame.readUInt16BE(at) === 0x88a8; at += 4) {
    vlans.push(frame.readUInt16BE(at + 2) & 0xfff);
  }
  const type = frame.readUInt16BE(at);
  const ip = frame.subarray(at + 2);
  const none = { frame, vlans, ipVersion: 0, srcPort: 0, dstPort: 0, payload: Buffer.alloc(0) };
  const isV4 = type === 0x0800;
  if (!isV4 && type !== 0x86dd) return none;
  const isWhole = !isV4 || (ip.readUInt16BE(6) & 0x3fff) === 0;
  if (ip[isV4 ? 9 : 6] !== 17 || !isWhole) return { ...none, ipVersion: isV4 ? 4 : 6 };
  const udp = ip.subarray(isV4 ? 20 : 40);
  return {
    frame,
    vlans,
    ipVersion: isV4 ? 4 : 6,
    srcPort: udp.readUInt16BE(0),
    dstPort: udp.readUInt16BE(2),
    payload: udp.subarray(8, udp.readUInt16BE(4)),
  };
}

export interface RtpPacket {
  ns: bigint;
  ssrc: number;
  sequence: number;
  timestamp: number;
  payloadType: number;
  marker: boolean;
  octets: number;
}

/** The RTP packets of the SSRCs asked for, in file order, by SSRC. */
export function readRtp(bytes: Buffer, truth: Truth): Map<number, RtpPacket[]> {
  const streams = new Map(truth.streams.map((stream) => [Number(stream.ssrc), [] as RtpPacket[]]));
  for (const { ns, payload } of readPackets(bytes)) {
    if (payload.length < 12 || payload[0] !== 0x80 || (payload[1]! >= 192 && payload[1]! <= 223)) continue;
    const ssrc = payload.readUInt32BE(8);
    streams.get(ssrc)?.push({
      ns,
      ssrc,
      sequence: payload.readUInt16BE(2),
      timestamp: payload.readUInt32BE(4),
      payloadType: payload[1]! & 0x7f,
      marker: payload[1]! >= 0x80,
      octets: payload.length - 12,
    });
  }
  return streams;
}

export interface Recount {
  packets: number;
  octets: number;
  expected: number;
  lost: number;
  duplicates: number;
  reordered: number;
  reorderExtentMax: number;
  lossRuns: { count: number; packets: number; longest: number };
}

/** Counts a stream without restarts from its sequence numbers, as definitions say and with all of it in memory. */
export function recount(packets: readonly RtpPacket[]): Recount {
  const seen = new Set<number>();
  const result = { duplicates: 0, reordered: 0, reorderExtentMax: 0 };
  let highest = packets[0]!.sequence;
  for (const { sequence } of packets) {
    // The signed distance from the highest number so far.
    const extended = highest + (((sequence - highest) << 16) >> 16);
    if (seen.has(extended)) {
      result.duplicates += 1;
      continue;
    }
    seen.add(extended);
    if (extended < highest) {
      result.reordered += 1;
      result.reorderExtentMax = Math.max(result.reorderExtentMax, highest - extended);
    }
    highest = Math.max(highest, extended);
  }
  const lowest = Math.min(...seen);
  const runs: number[] = [];
  let run = 0;
  for (let number = lowest; number <= highest; number += 1) {
    if (!seen.has(number)) {
      run += 1;
    } else if (run > 0) {
      runs.push(run);
      run = 0;
    }
  }
  const lost = highest - lowest + 1 - seen.size;
  return {
    packets: packets.length,
    octets: packets.reduce((sum, packet) => sum + packet.octets, 0),
    expected: highest - lowest + 1,
    lost,
    ...result,
    lossRuns: { count: runs.length, packets: lost, longest: Math.max(0, ...runs) },
  };
}
