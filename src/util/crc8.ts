/**
 * CRC-8 with polynomial x^8 + x^5 + x^4 + 1 (0x31), high bit first, begun with 0xFF: what Sensirion's and Aosong's parts send.
 * Over `count` bytes from `at`; 0 when the last of them is the right checksum of those before.
 */
export function crc8(bytes: Uint8Array, at: number, count: number): number {
  let crc = 0xff
  while (count--) {
    crc = (crc ^ bytes[at++]!) << 8
    // All bits above the eighth at once, since x^8 is x^5 + x^4 + 1: three turns a byte at most, where bit by bit takes eight.
    for (let high = crc >> 8; high; high = crc >> 8) crc ^= (high << 8) ^ (high << 5) ^ (high << 4) ^ high
  }
  return crc
}
