// Reads YAML and remembers where everything stands, so that every fault can be
// named by line and column.
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';

/** A place in the file; both count from 1. */
export interface Position {
  line: number;
  column: number;
}

/** What is wrong, where. */
export interface Problem extends Position {
  /** Path of the key, for example `export[0].url`; empty for the file as a whole. */
  path: string;
  message: string;
}

export class YamlText {
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(text: string) {
    this.#text = text;
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      // Faults go into the list of problems, not to the console. ('silent' would
      // also hide a second document in the file.)
      logLevel: 'error',
    });
  }

  /** Faults of the notation itself: syntax, tabs, duplicate keys, aliases of nothing. */
  syntaxProblems(): Problem[] {
    const faults = this.#document.errors.map(({ code, message, pos }) => ({
      ...this.#positionOf(pos[0]),
      path: '',
      message: code === 'DUPLICATE_KEY' ? this.#duplicate(pos) : sentence(message),
    }));
    return [...faults, ...this.#danglingAliases()];
  }

  #danglingAliases(): Problem[] {
    const problems: Problem[] = [];
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        const message = `no anchor &${alias.source} stands before this alias`;
        problems.push({ ...this.#positionOf(startOf(alias) ?? 0), path: '', message });
      },
    });
    return problems;
  }

  /** Whether the values can be trusted: a duplicate key spoils nothing else, bad syntax does. */
  get isReadable(): boolean {
    return (
      this.#document.errors.every(({ code }) => code === 'DUPLICATE_KEY') &&
      this.#danglingAliases().length === 0
    );
  }

  /** The plain value; throws when aliases multiply beyond reason. */
  value(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 });
  }

  /**
   * Where the value at `path` stands, or its key with `at: 'key'`. Where the
   * path ends early (a missing key), the place is that of its nearest parent.
   */
  locate(path: readonly PropertyKey[], at: 'key' | 'value'): Position {
    let node: Node | null = this.#document.contents;
    let offset = startOf(node) ?? 0;
    for (const [index, segment] of path.entries()) {
      const last = index === path.length - 1;
      const child = this.#child(node, segment);
      if (child === null) break;
      // An empty value has no place of its own worth pointing at: the key is where the eye goes.
      offset = (last && at === 'value' ? startOf(child.value) : child.keyOffset) ?? child.keyOffset ?? offset;
      node = child.value;
    }
    return this.#positionOf(offset);
  }

  #child(
    node: Node | null,
    segment: PropertyKey,
  ): { keyOffset: number | undefined; value: Node | null } | null {
    const target = isAlias(node) ? (node.resolve(this.#document) ?? null) : node;
    if (isMap(target)) {
      const pair = target.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (pair === undefined) return null;
      return { keyOffset: startOf(pair.key), value: isNode(pair.value) ? pair.value : null };
    }
    if (isSeq(target)) {
      const item = target.items[Number(segment)];
      return isNode(item) ? { keyOffset: startOf(item), value: item } : null;
    }
    return null;
  }

  #positionOf(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    // A file without a single line feed has no counted line yet.
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #duplicate([start]: readonly [number, number]): string {
    const key = /^[^\s:]+/.exec(this.#text.slice(start, start + 100))?.[0] ?? '';
    return `duplicate key ${key}`;
  }
}

function startOf(node: unknown): number | undefined {
  if (!isNode(node)) return undefined;
  // A null that is only implied stands at the end of its key.
  if (isScalar(node) && node.value === null && node.source === '') return undefined;
  return node.range?.[0];
}

/** The parser's message in the voice of ours: small first letter, no full stop, one line. */
function sentence(message: string): string {
  const line = message.replaceAll(/\s+/g, ' ').replace(/\.$/, '');
  return line.charAt(0).toLowerCase() + line.slice(1);
}
