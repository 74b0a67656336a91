import type { Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import { Connection } from "./connection"
import type { End } from "./connection"
import { Line } from "./line"
import type { PipeTraits } from "./pipe"

/** What listens at an address. */
export interface Service {
  /** False: the port is closed, and the caller is refused. */
  isListening(): boolean
  accept(connection: Connection): void
}

export type Dial<C = Connection> =
  | { outcome: "open"; afterUs: number; connection: C }
  | { outcome: "refused" | "timeout" | "no-route" | "no-host"; afterUs: number }

/** What a chip asks of the network. */
export interface Uplink {
  /** Asks the name server: the address, if there is one, and how long the answer took. */
  lookUp(device: string, host: string): { ip: string | undefined; afterUs: number }
  /** Opens a connection as a blocking call sees it: the outcome, and how long it takes. */
  dial(device: string, host: string, port: number): Dial<{ board: End }>
}

/** What an attempt costs the chip that has no network: an estimate. */
const NO_NETWORK_US = 100

const IP = /^\d{1,3}(\.\d{1,3}){3}$/

/** The network behind the access point: names, services, and what goes wrong on the way. All times are house time. */
export class Tcp implements PipeTraits, Uplink {
  latencyMs = 2
  jitterMs = 1
  segmentBytes = 1436
  mergeMs = 0
  rtoMs = 1_000
  retransmitMs = 120_000
  /** A SYN that nobody answers blocks the board for so long. "Tens of seconds" (Espruino 2v29), an estimate. */
  connectTimeoutMs = 20_000
  /** A name server that does not answer blocks for so long. */
  dnsTimeoutMs = 5_000
  /** "ok", or every look-up fails as if the name server were gone. */
  dns: "ok" | "gone" = "ok"
  /** Name to address. */
  readonly names = new Map<string, string>()
  /** Addresses whose packets vanish: a host that is switched off. */
  readonly silentHosts = new Set<string>()
  readonly connections = new Set<Connection>()
  private readonly services = new Map<string, Service>()
  private readonly lines = new Map<string, Line>()

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  line(device: string): Line {
    let line = this.lines.get(device)
    if (!line) this.lines.set(device, (line = new Line(device, this.random.split(device))))
    return line
  }

  /** `host` is a name or an address; a name that is served gets an address. */
  serve(host: string, port: number, service: Service): void {
    if (!IP.test(host) && !this.names.has(host)) this.names.set(host, `192.168.4.${100 + this.names.size}`)
    this.services.set(`${this.names.get(host) ?? host}:${port}`, service)
  }

  lookUp(device: string, host: string): { ip: string | undefined; afterUs: number } {
    if (IP.test(host)) return { ip: host, afterUs: 0 }
    const line = this.line(device)
    const afterUs = line.isOpen() && this.dns === "ok" ? this.exchangeUs(line, this.dnsTimeoutMs) : undefined
    if (afterUs === undefined) return { ip: undefined, afterUs: line.isUp ? this.dnsTimeoutMs * 1000 : NO_NETWORK_US }
    return { ip: this.names.get(host), afterUs }
  }

  dial(device: string, host: string, port: number): Dial {
    const line = this.line(device)
    const { ip, afterUs: lookUpUs } = this.lookUp(device, host)
    if (!ip) return { outcome: "no-host", afterUs: lookUpUs }
    if (!line.isUp) return { outcome: "no-route", afterUs: NO_NETWORK_US }
    const service = this.services.get(`${ip}:${port}`)
    const synUs = this.isReachable(line, host, ip) ? this.exchangeUs(line, this.connectTimeoutMs) : undefined
    if (synUs === undefined) return { outcome: "timeout", afterUs: lookUpUs + this.connectTimeoutMs * 1000 }
    const afterUs = lookUpUs + synUs
    if (!service?.isListening()) return { outcome: "refused", afterUs }
    return { outcome: "open", afterUs, connection: this.open(service, line, { host, port }, lookUpUs + synUs / 2) }
  }

  /** All open connections of a device, or of everybody. */
  connectionsOf(device?: string): Connection[] {
    for (const connection of this.connections)
      if (!connection.board.isOpen && !connection.service.isOpen) this.connections.delete(connection)
    return [...this.connections].filter((connection) => !device || connection.line.device === device)
  }

  /** Both ends of each connection get a reset. */
  reset(device?: string): void {
    for (const connection of this.connectionsOf(device)) connection.reset()
  }

  /** Packets vanish without a word: the connection is half-open until somebody's patience ends. */
  cut(device?: string): void {
    for (const line of this.linesOf(device)) line.set({ isCut: true })
  }

  heal(device?: string): void {
    for (const line of this.linesOf(device)) line.set({ isCut: false })
  }

  stall(device?: string): void {
    for (const line of this.linesOf(device)) line.set({ isStalled: true })
  }

  resume(device?: string): void {
    for (const line of this.linesOf(device)) line.set({ isStalled: false })
  }

  private linesOf(device?: string): Line[] {
    return device ? [this.line(device)] : [...this.lines.values()]
  }

  /** Somebody is at the address, and the way there is open. A host answers on every port, if only with a refusal. */
  private isReachable(line: Line, host: string, ip: string): boolean {
    if (!line.isOpen() || this.silentHosts.has(ip) || this.silentHosts.has(host)) return false
    return [...this.services.keys()].some((address) => address.startsWith(`${ip}:`))
  }

  /** A packet and its answer. Repeated with doubling while one of the two is lost; undefined when the limit comes first. */
  private exchangeUs(line: Line, limitMs: number): number | undefined {
    let lostMs = 0
    line.passes(0, true)
    for (let waitMs = this.rtoMs; line.loses() || line.loses(); waitMs *= 2) {
      lostMs += waitMs
      if (lostMs >= limitMs) return undefined
    }
    return Math.round((lostMs + 2 * this.latencyMs + line.random.next() * this.jitterMs) * 1000)
  }

  /** The service hears of it half a round trip before the board does, as its SYN arrives first. */
  private open(service: Service, line: Line, address: { host: string; port: number }, synInUs: number): Connection {
    const connection = new Connection(this.clock, this, line, address)
    this.connections.add(connection)
    this.clock.after(Math.round(synInUs), () => {
      if (service.isListening()) service.accept(connection)
      else connection.service.abort()
    })
    return connection
  }
}
