/** CRC-32 (IEEE 802.3, reflected 0xEDB88320) of a byte string, unsigned. The chip has its own; this is the host's. */
export function crc32(bytes: string): number {
  let crc = -1
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.charCodeAt(i)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
