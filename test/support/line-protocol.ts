// A strict reader of InfluxDB line protocol, written from its documentation
// (InfluxDB 2.x, "Line protocol"), to hold what is written against.

export interface Point {
  measurement: string;
  tags: Record<string, string>;
  /** Integers as bigint, floats as number. */
  fields: Record<string, string | number | bigint | boolean>;
  /** ns since the Unix epoch. */
  time: bigint;
}

/** Throws at whatever is not allowed. */
export function readPoints(text: string): Point[] {
  const reader = new Reader(text);
  const points: Point[] = [];
  while (!reader.isAtEnd) points.push(reader.point());
  return points;
}

class Reader {
  #at = 0;
  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.#at === this.text.length;
  }

  point(): Point {
    const measurement = this.#word(', ');
    const tags: Point['tags'] = {};
    while (this.#takes(',')) {
      const key = this.#word('=');
      this.#expect('=');
      if (Object.hasOwn(tags, key)) this.#fail(`tag ${key} twice`);
      tags[key] = this.#word(', ');
    }
    this.#expect(' ');
    const fields: Point['fields'] = {};
    do {
      const key = this.#word('=');
      this.#expect('=');
      if (Object.hasOwn(fields, key)) this.#fail(`field ${key} twice`);
      fields[key] = this.#value();
    } while (this.#takes(','));
    this.#expect(' ');
    const time = this.#match(/-?\d+/y);
    this.#expect('\n');
    return { measurement, tags, fields, time: BigInt(time) };
  }

  /** A key or a tag value: not empty, a backslash before what would end it. */
  #word(end: string): string {
    let word = '';
    for (;;) {
      const c = this.text[this.#at];
      if (c === undefined || c === '\n') return this.#fail('line ends within a word');
      if (c === '\\' && ',= '.includes(this.text[this.#at + 1] ?? '\n')) {
        word += this.text[this.#at + 1];
        this.#at += 2;
        continue;
      }
      if (end.includes(c)) break;
      if (',= '.includes(c)) return this.#fail(`unescaped ${JSON.stringify(c)}`);
      word += c;
      this.#at++;
    }
    return word === '' ? this.#fail('empty word') : word;
  }

  #value(): string | number | bigint | boolean {
    if (this.#takes('"')) {
      const inside = this.#match(/(?:[^"\\]|\\.)*/sy);
      this.#expect('"');
      return inside.replaceAll(/\\(["\\])/g, '$1');
    }
    const plain = this.#match(/[^, \n]+/y);
    if (plain === 'true' || plain === 'false') return plain === 'true';
    if (/^-?\d+i$/.test(plain)) return BigInt.asIntN(64, BigInt(plain.slice(0, -1)));
    return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(plain) ? Number(plain) : this.#fail(`no value: ${plain}`);
  }

  #takes(c: string): boolean {
    if (this.text[this.#at] !== c) return false;
    this.#at++;
    return true;
  }

  #expect(c: string): void {
    if (!this.#takes(c)) this.#fail(`expected ${JSON.stringify(c)}`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return this.#fail(`expected ${pattern}`);
    this.#at += found.length;
    return found;
  }

  #fail(what: string): never {
    throw new Error(`${what} at ${this.#at}: ${this.text.slice(Math.max(0, this.#at - 40), this.#at + 20)}`);
  }
}
