// Reads HEP3 as strictly as receivers do: exact total length, exact sizes of
// the fixed fields, nothing left over.

export interface ReadFrame {
  protocol: number;
  src: string;
  srcPort: number;
  dst: string;
  dstPort: number;
  seconds: number;
  microseconds: number;
  captureId: number;
  correlationId: string | undefined;
  password: string | undefined;
  nodeName: string | undefined;
  mosHundredths: number | undefined;
  payload: string;
}

const SIZES: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 4,
  4: 4,
  5: 16,
  6: 16,
  7: 2,
  8: 2,
  9: 4,
  10: 4,
  11: 1,
  12: 4,
  32: 2,
};

export function readFrame(bytes: Buffer): ReadFrame {
  if (bytes.toString('latin1', 0, 4) !== 'HEP3') throw new Error('not HEP3');
  if (bytes.readUInt16BE(4) !== bytes.length)
    throw new Error(`says ${bytes.readUInt16BE(4)} bytes, has ${bytes.length}`);
  const chunks = new Map<number, Buffer>();
  for (let at = 6; at < bytes.length; ) {
    const [vendor, type, length] = [0, 2, 4].map((by) => bytes.readUInt16BE(at + by)) as [
      number,
      number,
      number,
    ];
    if (vendor !== 0) throw new Error(`chunk ${type} of vendor ${vendor}`);
    if (length < 6 || at + length > bytes.length) throw new Error(`chunk ${type} of ${length} bytes`);
    if (SIZES[type] !== undefined && length - 6 !== SIZES[type])
      throw new Error(`chunk ${type}: ${length - 6} bytes`);
    if (chunks.has(type)) throw new Error(`chunk ${type} twice`);
    chunks.set(type, bytes.subarray(at + 6, at + length));
    at += length;
  }
  const value = (type: number) => {
    const found = chunks.get(type);
    if (found === undefined) throw new Error(`no chunk ${type}`);
    return found;
  };
  const v6 = value(1)[0] === 10;
  if (!v6 && value(1)[0] !== 2) throw new Error(`family ${value(1)[0]}`);
  return {
    protocol: value(11)[0]!,
    src: address(value(v6 ? 5 : 3)),
    srcPort: value(7).readUInt16BE(),
    dst: address(value(v6 ? 6 : 4)),
    dstPort: value(8).readUInt16BE(),
    seconds: value(9).readUInt32BE(),
    microseconds: value(10).readUInt32BE(),
    captureId: value(12).readUInt32BE(),
    correlationId: chunks.get(17)?.toString(),
    password: chunks.get(14)?.toString(),
    nodeName: chunks.get(19)?.toString(),
    mosHundredths: chunks.get(32)?.readUInt16BE(),
    payload: value(15).toString(),
  };
}

const address = (bytes: Buffer) => (bytes.length === 4 ? bytes.join('.') : bytes.toString('hex'));

/** Splits what came over TCP; the rest is a frame that has not come as a whole. */
export function splitFrames(bytes: Buffer): { frames: Buffer[]; rest: Buffer } {
  const frames: Buffer[] = [];
  let at = 0;
  while (bytes.length - at >= 6 && bytes.length - at >= bytes.readUInt16BE(at + 4)) {
    const length = bytes.readUInt16BE(at + 4);
    frames.push(bytes.subarray(at, at + length));
    at += length;
  }
  return { frames, rest: bytes.subarray(at) };
}
