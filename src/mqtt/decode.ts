/**
 * The fixed header of a packet (clause 2.2) as one number: remaining length times 8, plus the header's own 2 to 5 bytes.
 * 0 when it has not arrived whole, -1 when it is malformed, which is a fifth length byte.
 */
export function fixedHeader(bytes: string): number {
  let length = 0
  for (let at = 1; at < 5; at++) {
    const digit = bytes.charCodeAt(at)
    length |= (digit & 127) << (7 * at - 7)
    // A digit that has not arrived is NaN, which no comparison holds for.
    if (!(digit > 127)) return at < bytes.length ? length * 8 + at + 1 : 0
  }
  return -1
}
