// Times of summaries as HEP carries them.

export interface UnixTime {
  /** Since the epoch, 32 bits. */
  seconds: number;
  microseconds: number;
}

/** @param text RFC 3339 in UTC with nanoseconds, as summaries write it */
export function unixTime(text: string): UnixTime {
  const [date = '', fraction = '0Z'] = text.split('.');
  return {
    seconds: Date.parse(`${date}Z`) / 1000,
    microseconds: Number(fraction.slice(0, -1).padEnd(6, '0').slice(0, 6)),
  };
}
