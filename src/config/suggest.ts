// "Did you mean ...": the nearest of the known words, when one is near enough.

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and
 * swaps of neighbours that turn one text into the other.
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}

// Case, dashes and underscores are what people mistake without misspelling anything.
const plain = (text: string) => text.replaceAll(/[-_\s]/g, '').toLowerCase();

// No key is longer; a longer word is not worth comparing, and would take quadratic time.
const LONGEST = 64;

/** The candidate nearest to `word`, or null when none is within a third of its length. */
export function suggest(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST) return null;
  const wanted = plain(word);
  let best: { candidate: string; distance: number } | null = null;
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate));
    if (best === null || distance < best.distance) best = { candidate, distance };
  }
  if (best === null) return null;
  const limit = Math.max(1, Math.floor(Math.max(wanted.length, plain(best.candidate).length) / 3));
  return best.distance <= limit && wanted !== '' ? best.candidate : null;
}
