/** First and last byte, both inclusive. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * What a `Range` header asks for (RFC 9110, 14.2). Several ranges, other units and what makes no sense are `none`: the
 * whole file is then the right answer. `impossible` is a range that begins past the end.
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'none' | 'impossible' {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '') ?? [];
  if (from === '' && to === '') return 'none';
  if (from === '') {
    const length = Math.min(Number(to), size);
    return length === 0 ? 'impossible' : { first: size - length, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return 'none';
  return first >= size ? 'impossible' : { first, last };
}
