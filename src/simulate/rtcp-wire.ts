// Writes RTCP packets octet by octet; lengths fill themselves in.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   |V=2|P|  count  |      type     |  length in 32-bit words - 1   |

const largest = 4096;

export class RtcpWire {
  /** Octets written. */
  length = 0;

  private readonly bytes = new Uint8Array(largest);
  private readonly view = new DataView(this.bytes.buffer);
  private lastPacket = 0;

  /** One RTCP packet: its header, then what `body` writes, a multiple of 4 octets. */
  packet(type: number, count: number, body: () => void): void {
    const at = this.length;
    this.lastPacket = at;
    this.u8(0x80 | count)
      .u8(type)
      .u16(0);
    body();
    this.view.setUint16(at + 2, (this.length - at) / 4 - 1);
  }

  /** One extended report block (RFC 3611 3): type, what the type has in its second octet, length, then `body`. */
  block(type: number, specific: number, body: () => void): void {
    const at = this.length;
    this.u8(type).u8(specific).u16(0);
    body();
    this.view.setUint16(at + 2, (this.length - at) / 4 - 1);
  }

  u8(value: number): this {
    this.view.setUint8(this.length, value);
    this.length += 1;
    return this;
  }

  u16(value: number): this {
    this.view.setUint16(this.length, value);
    this.length += 2;
    return this;
  }

  u24(value: number): this {
    return this.u8((value >>> 16) & 0xff).u16(value & 0xffff);
  }

  u32(value: number): this {
    this.view.setUint32(this.length, value);
    this.length += 4;
    return this;
  }

  octets(bytes: Uint8Array): this {
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return this;
  }

  /** Zero octets up to a 32-bit boundary. */
  align(): this {
    while (this.length % 4 !== 0) this.u8(0);
    return this;
  }

  /**
   * The datagram.
   * @param padding octets of padding for its last packet, a multiple of 4 (RFC 3550 6.4.1)
   */
  finish(padding: number): Uint8Array {
    if (padding > 0) {
      const at = this.lastPacket;
      for (let i = 1; i < padding; i += 1) this.u8(0);
      this.u8(padding);
      this.bytes[at] = this.bytes[at]! | 0x20;
      this.view.setUint16(at + 2, (this.length - at) / 4 - 1);
    }
    return this.bytes.slice(0, this.length);
  }
}
