// A bound on the time of what may hang.

import { PostTimeout } from './http-post.js';

/**
 * Runs `action`. When it takes longer than `timeoutMs` or the signal aborts,
 * `giveUp` has to end it and this rejects at once, whatever becomes of it;
 * with PostTimeout in the former case.
 */
export async function within<T>(
  { timeoutMs, signal, giveUp }: { timeoutMs: number; signal: AbortSignal; giveUp: () => void },
  action: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PostTimeout('too long')), timeoutMs);
    onAbort = () => reject(new Error('stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  const result = action();
  try {
    return await Promise.race([result, tooLong]);
  } catch (error) {
    giveUp();
    result.catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
