import type { HouseEvent } from "../events"
import { ACK, FIN, frameOf, PSH, RST, SYN } from "./packet"
import type { Endpoint, Segment } from "./packet"

/**
 * Network bytes of a trace as a capture file (libpcap 2.4, microseconds, Ethernet). Bytes, their order, the moments at which they
 * left the board and reached it, and how connections began and ended are as they were. What the simulator has no packets for is made up:
 * sequence numbers, the three packets of an opening (all at the moment at which it was open), and the router's address.
 */
const MAGIC = 0xa1b2c3d4
const ETHERNET = 1
const SNAP_BYTES = 65_535
/** What an ESP32 announces; a longer delivery was several segments. */
const SEGMENT_BYTES = 1_436
const ROUTER_MAC = [0x02, 0, 0, 0, 0, 0x01]
const FIRST_PORT = 49_152

interface Stream {
  board: Endpoint
  peer: Endpoint
  /** The next byte of each, and whether it has ended its direction. */
  sequence: { tx: number; rx: number }
  ended: { tx: boolean; rx: boolean }
}

/** The whole file. `macs` by the name of the board. */
export function pcapOf(events: Iterable<HouseEvent>, macs: Record<string, number[]>): Buffer {
  const capture = new Capture(macs)
  for (const event of events) capture.add(event)
  return capture.file()
}

class Capture {
  private readonly records: Buffer[] = [fileHeader()]
  /** By board and number of the connection. */
  private readonly streams = new Map<string, Stream>()
  private readonly ips = new Map<string, string>()
  private readonly names = new Map<string, string>()
  private opened = 0

  constructor(private readonly macs: Record<string, number[]>) {}

  add(event: HouseEvent): void {
    if (event.kind === "wifi" && event.ip) this.ips.set(event.device, event.ip)
    if (event.kind === "dns" && event.ip) this.names.set(event.host, event.ip)
    if (event.kind === "boot") this.forget(event.device)
    if (event.kind === "tcp") this.onTcp(event)
    if (event.kind === "net") this.onNet(event)
  }

  file(): Buffer {
    return Buffer.concat(this.records)
  }

  /** Its connections are over without a packet, and their numbers begin anew. */
  private forget(device: string): void {
    for (const key of this.streams.keys()) if (key.startsWith(`${device}\n`)) this.streams.delete(key)
  }

  private onTcp(event: HouseEvent & { kind: "tcp" }): void {
    const { state, atUs } = event
    if (state !== "open" && state !== "refused" && state !== "timeout") return
    const stream = this.open(event)
    this.put(atUs, stream, "tx", SYN)
    if (state === "timeout") return
    if (state === "refused") return this.put(atUs, stream, "rx", RST | ACK)
    this.put(atUs, stream, "rx", SYN | ACK)
    this.put(atUs, stream, "tx", ACK)
    this.streams.set(`${event.device}\n${event.connection}`, stream)
  }

  private onNet({ atUs, device, direction, connection, bytes, end }: HouseEvent & { kind: "net" }): void {
    const stream = this.streams.get(`${device}\n${connection}`)
    if (!stream) return
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES)
      this.put(atUs, stream, direction, PSH | ACK, bytes.slice(from, from + SEGMENT_BYTES))
    if (end === "fin") this.finish(atUs, stream, direction)
    if (end === "reset") this.put(atUs, stream, "rx", RST | ACK)
  }

  /** Whoever is asked ends its direction as well: a half-closed connection is closed at once on the chip. */
  private finish(atUs: number, stream: Stream, direction: "tx" | "rx"): void {
    const other = direction === "tx" ? "rx" : "tx"
    for (const side of [direction, other] as const) {
      if (stream.ended[side]) continue
      stream.ended[side] = true
      this.put(atUs, stream, side, FIN | ACK)
    }
    this.put(atUs, stream, direction, ACK)
  }

  private open({ device, host, port }: HouseEvent & { kind: "tcp" }): Stream {
    const ip = this.ips.get(device) ?? "192.168.4.2"
    const mac = this.macs[device] ?? [0x02, 0, 0, 0, 0, 0x02]
    const ports = 65_536 - FIRST_PORT
    return {
      board: { mac, ip, port: FIRST_PORT + (this.opened++ % ports) },
      peer: { mac: ROUTER_MAC, ip: this.addressOf(host), port },
      sequence: { tx: 1_000, rx: 5_000 },
      ended: { tx: false, rx: false },
    }
  }

  /** A name that nobody looked up on its own gets an address of its own. */
  private addressOf(host: string): string {
    if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return host
    if (!this.names.has(host)) this.names.set(host, `192.168.5.${100 + this.names.size}`)
    return this.names.get(host)!
  }

  private put(atUs: number, stream: Stream, side: "tx" | "rx", flags: number, bytes = ""): void {
    const { board, peer, sequence } = stream
    const [from, to] = side === "tx" ? [board, peer] : [peer, board]
    const acknowledged = flags & ACK ? sequence[side === "tx" ? "rx" : "tx"] : 0
    const segment: Segment = { from, to, sequence: sequence[side], acknowledged, flags, bytes }
    sequence[side] += bytes.length + (flags & (SYN | FIN) ? 1 : 0)
    const frame = frameOf(segment)
    this.records.push(recordHeader(atUs, frame.length), frame)
  }
}

function fileHeader(): Buffer {
  const header = Buffer.alloc(24)
  header.writeUInt32LE(MAGIC, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(SNAP_BYTES, 16)
  header.writeUInt32LE(ETHERNET, 20)
  return header
}

/** House time counts from 1970. */
function recordHeader(atUs: number, length: number): Buffer {
  const header = Buffer.alloc(16)
  header.writeUInt32LE(Math.floor(atUs / 1e6), 0)
  header.writeUInt32LE(atUs % 1e6, 4)
  header.writeUInt32LE(length, 8)
  header.writeUInt32LE(length, 12)
  return header
}
