/**
 * CRC-8 with polynomial x^8 + x^5 + x^4 + 1 (0x31), high bit first, begun with 0xFF: what Sensirion's and Aosong's parts send.
 * Over `count` bytes from `at`; 0 when the last of them is the right checksum of those before.
 */
export function crc8(bytes: Uint8Array, at: number, count: number): number {
  let crc = 0xff
  while (count--) {
    crc ^= bytes[at++]!
    // A byte at once, where bit by bit takes a loop of eight. Times x^8 is times x^5 + x^4 + 1; what that lifts above bit 7 comes
    // round again, twice at most: `over` is the first such part, and `over >> 4 ^ over >> 3` the second.
    const over = (crc >> 4) ^ (crc >> 3)
    crc ^= over ^ (over >> 4) ^ (over >> 3)
    crc = (crc ^ (crc << 4) ^ (crc << 5)) & 255
  }
  return crc
}
