// Waiting for something to become true, with a deadline instead of a fixed sleep.

const DEADLINE_MS = 60_000;
const BETWEEN_MS = 10;

/** Polls until `probe` gives something other than false, null or undefined, and gives that. */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  deadlineMs = DEADLINE_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await probe();
    if (value !== false && value !== null && value !== undefined)
      return value as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
  }
}
