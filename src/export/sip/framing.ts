// SIP messages out of a stream of bytes (RFC 3261 18.3).
import { contentLength } from './message.js';

/** A longer message is not waited for: responses are below 2 KiB. */
const MAX_BYTES = 65_536;

export class SipFraming {
  #bytes: Buffer = Buffer.alloc(0);

  /** Heads of the messages that are complete now. Null when what came cannot be SIP. */
  take(data: Buffer): string[] | null {
    this.#bytes = Buffer.concat([this.#bytes, data]);
    const heads: string[] = [];
    for (;;) {
      const from = this.#skipLineBreaks();
      const end = this.#bytes.indexOf('\r\n\r\n', from);
      if (end < 0) break;
      const head = this.#bytes.toString('latin1', from, end);
      const length = contentLength(head);
      if (length === null || length > MAX_BYTES) return null;
      const next = end + 4 + length;
      if (this.#bytes.length < next) break;
      heads.push(head);
      this.#bytes = this.#bytes.subarray(next);
    }
    return this.#bytes.length > MAX_BYTES ? null : heads;
  }

  /** Line breaks between messages keep a connection alive (RFC 5626 3.5.1). */
  #skipLineBreaks(): number {
    let at = 0;
    while (this.#bytes[at] === 0x0d || this.#bytes[at] === 0x0a) at++;
    return at;
  }

  reset(): void {
    this.#bytes = Buffer.alloc(0);
  }
}
