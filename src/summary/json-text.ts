// Pieces of JSON that are the same in every line.

/** A piece of JSON that does not change, ready to be copied. */
export class JsonText {
  readonly length: number;
  /** Its bytes, eight at a time; the last ones may reach beyond its end. No UTF-8 looks like NaN, so all copy as they are. */
  readonly words: Float64Array;

  constructor(text: string) {
    const bytes = Buffer.from(text);
    this.length = bytes.length;
    this.words = new Float64Array(Math.ceil(bytes.length / 8));
    bytes.copy(Buffer.from(this.words.buffer));
  }
}

/** The names of fields, as `"name":`. */
export function jsonKeys<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, JsonText>> {
  const keys = names.map((name) => [name, new JsonText(`${JSON.stringify(name)}:`)]);
  return Object.fromEntries(keys) as Record<Name, JsonText>;
}
