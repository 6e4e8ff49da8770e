// Writes a pcap file (draft-ietf-opsawg-pcap) in large chunks. The chunk lies in
// one buffer with the material that frames are copied from, so that a copy is
// one move within it.
//
//   file header:   magic, version 2.4, zone, sigfigs, snap length, link type (24 octets)
//   record header: seconds, fraction, captured length, original length (16 octets)
import { closeSync, openSync, writeSync } from 'node:fs';
import { outputError } from '../ops/errors.js';

const chunkBytes = 4 << 20;
const snapLength = 262_144;

/** Octets of the header of each record. */
export const recordHeaderBytes = 16;

export class PcapWriter {
  /** Octets 0..chunk are output; behind them the material given to the constructor. */
  readonly bytes: Buffer;
  readonly view: DataView;
  /** Where the material begins in `bytes`. */
  readonly materialStart = chunkBytes;
  packets = 0;

  private readonly file: number;
  private readonly startSeconds: number;
  private readonly startNs: number;
  private readonly unitNs: number;
  private position = 0;
  private flushed = 0;

  /**
   * Creates the file and writes its header; throws ERR_OUTPUT when it cannot.
   * @param startMs capture time of time 0, ms since the Unix epoch
   * @param micro times in microseconds and not nanoseconds
   * @param materialBytes octets to reserve for frame material
   * @param linkType LINKTYPE of all frames, 1 for Ethernet
   */
  constructor(
    private readonly path: string,
    startMs: number,
    micro: boolean,
    materialBytes: number,
    linkType = 1,
  ) {
    try {
      this.file = openSync(path, 'w');
    } catch (error) {
      throw outputError(path, error);
    }
    this.bytes = Buffer.alloc(chunkBytes + materialBytes);
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
    this.startSeconds = Math.floor(startMs / 1000);
    this.startNs = Math.round((startMs - this.startSeconds * 1000) * 1e6);
    this.unitNs = micro ? 1000 : 1;
    const { view } = this;
    view.setUint32(0, micro ? 0xa1b2c3d4 : 0xa1b23c4d, true);
    view.setUint16(4, 2, true);
    view.setUint16(6, 4, true);
    view.setUint32(16, snapLength, true);
    view.setUint32(20, linkType, true);
    this.position = 24;
  }

  /** Octets in the file when all is flushed. */
  get written(): number {
    return this.flushed + this.position;
  }

  /** The time that the file can hold for `atNs`: whole nanoseconds or microseconds. */
  resolve(atNs: number): number {
    return this.unitNs === 1 ? atNs : Math.floor(atNs / this.unitNs) * this.unitNs;
  }

  /** Writes a record header for a frame of `length` octets; returns where in `bytes` the frame goes. */
  beginRecord(atNs: number, length: number): number {
    if (this.position + recordHeaderBytes + length > chunkBytes) this.flush();
    const at = this.position;
    const sinceSecond = this.startNs + atNs;
    const seconds = Math.floor(sinceSecond / 1e9);
    const ns = sinceSecond - seconds * 1e9;
    const { view } = this;
    view.setUint32(at, this.startSeconds + seconds, true);
    view.setUint32(at + 4, this.unitNs === 1 ? ns : Math.floor(ns / 1000), true);
    view.setUint32(at + 8, length, true);
    view.setUint32(at + 12, length, true);
    this.position = at + recordHeaderBytes + length;
    this.packets += 1;
    return at + recordHeaderBytes;
  }

  /** Writes a whole frame. */
  writeFrame(atNs: number, frame: Uint8Array): void {
    const at = this.beginRecord(this.resolve(atNs), frame.length);
    this.bytes.set(frame, at);
  }

  /** A capture time as ns since the Unix epoch, in decimal digits. */
  epochNs(atNs: number): string {
    return String(BigInt(this.startSeconds) * 1_000_000_000n + BigInt(this.startNs + atNs));
  }

  /** Writes what is left and closes; the file is closed in any case. */
  close(): void {
    try {
      this.flush();
    } finally {
      this.abandon();
    }
  }

  /** Closes the file without writing what is left. */
  abandon(): void {
    try {
      closeSync(this.file);
    } catch (error) {
      throw outputError(this.path, error);
    }
  }

  private flush(): void {
    try {
      for (let done = 0; done < this.position; ) {
        done += writeSync(this.file, this.bytes, done, this.position - done);
      }
    } catch (error) {
      throw outputError(this.path, error);
    }
    this.flushed += this.position;
    this.position = 0;
  }
}
