/** One TCP segment as an Ethernet frame: Ethernet II, IPv4 (RFC 791), TCP (RFC 9293), without options. */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

export interface Endpoint {
  mac: number[]
  /** Four numbers with dots. */
  ip: string
  port: number
}

export interface Segment {
  from: Endpoint
  to: Endpoint
  sequence: number
  acknowledged: number
  flags: number
  /** Characters 0 to 255. */
  bytes: string
}

const IPV4 = 0x0800
const TCP = 6
const ETHERNET_BYTES = 14
const IP_BYTES = 20
const TCP_BYTES = 20
/** lwIP's TCP_WND of ESP-IDF: 4 segments. */
const WINDOW_BYTES = 5_744
const TTL = 64
/** Shorter ones are filled up to this on the wire (IEEE 802.3, without its check sequence). */
const LEAST_BYTES = 60

export function frameOf(segment: Segment): Buffer {
  const { from, to, bytes } = segment
  const payload = Buffer.from(bytes, "latin1")
  const length = ETHERNET_BYTES + IP_BYTES + TCP_BYTES + payload.length
  const frame = Buffer.alloc(Math.max(LEAST_BYTES, length))
  frame.set(to.mac, 0)
  frame.set(from.mac, 6)
  frame.writeUInt16BE(IPV4, 12)
  const packet = frame.subarray(ETHERNET_BYTES, length)
  const tcp = packet.subarray(IP_BYTES)
  payload.copy(tcp, TCP_BYTES)
  writeIp(packet, from, to)
  writeTcp(tcp, segment)
  return frame
}

function writeIp(packet: Buffer, from: Endpoint, to: Endpoint): void {
  packet[0] = 0x45
  packet.writeUInt16BE(packet.length, 2)
  packet[8] = TTL
  packet[9] = TCP
  packet.set(addressOf(from.ip), 12)
  packet.set(addressOf(to.ip), 16)
  packet.writeUInt16BE(checksum([packet.subarray(0, IP_BYTES)]), 10)
}

function writeTcp(tcp: Buffer, { from, to, sequence, acknowledged, flags }: Segment): void {
  tcp.writeUInt16BE(from.port, 0)
  tcp.writeUInt16BE(to.port, 2)
  tcp.writeUInt32BE(sequence >>> 0, 4)
  tcp.writeUInt32BE(acknowledged >>> 0, 8)
  tcp[12] = (TCP_BYTES / 4) << 4
  tcp[13] = flags
  tcp.writeUInt16BE(WINDOW_BYTES, 14)
  const pseudo = Buffer.from([...addressOf(from.ip), ...addressOf(to.ip), 0, TCP, tcp.length >> 8, tcp.length & 255])
  tcp.writeUInt16BE(checksum([pseudo, tcp]), 16)
}

const addressOf = (ip: string): number[] => ip.split(".").map(Number)

/** Ones' complement of the sum of 16-bit words (RFC 1071). All blocks but the last are of even length. */
function checksum(blocks: Buffer[]): number {
  let sum = 0
  for (const block of blocks) for (let i = 0; i < block.length; i += 2) sum += (block[i] << 8) | (block[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
