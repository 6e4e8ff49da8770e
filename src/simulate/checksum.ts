// The Internet checksum (RFC 1071).

/** Sum of the 16-bit words of `bytes`, the last octet padded with zero; not folded. */
export function sumWords(bytes: ArrayLike<number>, from = 0, to = bytes.length): number {
  let sum = 0;
  let at = from;
  for (; at + 1 < to; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < to) sum += bytes[at]! << 8;
  return sum;
}

/** The checksum field for a sum of words (below 2^32). */
export function checksumOf(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}

/** As `checksumOf`, for UDP, where 0 would mean that there is none (RFC 768). */
export function udpChecksumOf(sum: number): number {
  const checksum = checksumOf(sum);
  return checksum === 0 ? 0xffff : checksum;
}
