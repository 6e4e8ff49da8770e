// Numbers as people read them.

/** 268435456 -> `256 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes === Number.POSITIVE_INFINITY) return 'no limit';
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value >= 10 || Number.isInteger(value) ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** 0.1234 -> `12.3 %`. */
export const percentText = (share: number) => `${Number((100 * share).toPrecision(3))} %`;

/** 1234567 -> `1,234,567`. */
export const countText = (count: number) => Math.round(count).toLocaleString('en-US');

/** `1 stream`, `3 streams`. */
export const plural = (count: number, what: string) => `${countText(count)} ${what}${count === 1 ? '' : 's'}`;

/** At most `most` of them, and how many more there are. */
export function listText(items: readonly (string | number)[], most = 6): string {
  const more = items.length - most;
  return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The text in lines of at most `width` characters where its words allow, each with `indent` before it. */
export function wrap(text: string, indent: string, width: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && indent.length + line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join('\n');
}
