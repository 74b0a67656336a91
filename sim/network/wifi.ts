import type { Alarm, Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import type { Line } from "./line"

/** Reasons as ESP-IDF numbers them (esp_wifi_types.h) and as Espruino words them. */
export const REASONS: Record<string, string> = {
  "8": "ASSOC_LEAVE",
  "15": "4WAY_HANDSHAKE_TIMEOUT",
  "200": "BEACON_TIMEOUT",
  "201": "NO_AP_FOUND",
}

/** The one access point of a house. Fields may be changed while it runs. */
export class Wifi {
  ssid: string
  password: string
  /** At the boards; below -92 they do not find it. */
  rssiDbm = -58
  /** False: clients associate and never get an address (Espruino raises no event for that). */
  hasDhcp = true
  /** Time without beacons after which a station believes that the access point is gone (ESP-IDF's default). */
  beaconTimeoutMs = 6_000
  readonly stations: Station[] = []
  private isOn = true

  constructor(network: { ssid: string; password: string }) {
    this.ssid = network.ssid
    this.password = network.password
  }

  get isUp(): boolean {
    return this.isOn
  }

  /** The access point loses power. */
  drop(): void {
    this.isOn = false
    for (const station of this.stations) station.onAccessPointGone()
  }

  restore(): void {
    this.isOn = true
    for (const station of this.stations) station.onAccessPointBack()
  }

  /** The access point throws a station out (deauthentication): it learns so at once. */
  kick(device?: string): void {
    for (const station of this.stations) if (!device || station.line.device === device) station.lose("8")
  }

  isHeard(ssid: string): boolean {
    return this.isOn && ssid === this.ssid && this.rssiDbm >= -92
  }
}

export type StationState = "idle" | "associating" | "leasing" | "connected"
export interface StationEvents {
  onAssociated(): void
  onConnected(ip: string): void
  onDisconnected(reason: string): void
}

/** A board's side of the radio. */
export class Station {
  state: StationState = "idle"
  ssid = ""
  password = ""
  lastReason = "1"
  readonly ip: string
  private next: Alarm | undefined
  private events: StationEvents = { onAssociated: nothing, onConnected: nothing, onDisconnected: nothing }

  constructor(
    readonly wifi: Wifi,
    readonly line: Line,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    wifi.stations.push(this)
    this.ip = `192.168.4.${1 + wifi.stations.length}`
  }

  /** One listener: the program that runs since the last boot. */
  listen(events: StationEvents): void {
    this.events = events
  }

  /** Failure is told by `onDisconnected` with a reason; nothing is tried twice (2v29). */
  connect(ssid: string, password: string): void {
    if (this.state !== "idle") this.lose("8")
    this.ssid = ssid
    this.password = password
    this.state = "associating"
    this.schedule(() => this.associate(), 600, 1_800)
  }

  /** The board leaves by itself. */
  leave(): void {
    if (this.state !== "idle") this.lose("8")
  }

  /** Without an event: the board lost power or restarted. */
  vanish(): void {
    this.clock.cancel(this.next)
    this.state = "idle"
    this.line.set({ isUp: false })
  }

  lose(reason: string): void {
    if (this.state === "idle") return
    this.vanish()
    this.lastReason = reason
    this.events.onDisconnected(reason)
  }

  onAccessPointGone(): void {
    if (this.state !== "connected" && this.state !== "leasing") return
    this.line.set({ isUp: false })
    this.clock.cancel(this.next)
    this.next = this.clock.after(this.wifi.beaconTimeoutMs * 1000, () => this.lose("200"))
  }

  /** Back before the station noticed: it goes on as if nothing had been. */
  onAccessPointBack(): void {
    if (this.state === "connected") {
      this.clock.cancel(this.next)
      this.line.set({ isUp: true })
    } else if (this.state === "leasing") this.lease()
  }

  private associate(): void {
    if (!this.wifi.isHeard(this.ssid)) return this.fail("201", 1_500)
    // A wrong password shows as a handshake that never ends.
    if (this.password !== this.wifi.password) return this.fail("15", 2_500)
    this.state = "leasing"
    this.events.onAssociated()
    if (this.wifi.hasDhcp) this.lease()
  }

  private lease(): void {
    this.schedule(
      () => {
        this.state = "connected"
        this.line.set({ isUp: true })
        this.events.onConnected(this.ip)
      },
      300,
      900,
    )
  }

  private fail(reason: string, inMs: number): void {
    this.schedule(() => this.lose(reason), inMs, inMs)
  }

  private schedule(run: () => void, lowMs: number, highMs: number): void {
    this.clock.cancel(this.next)
    this.next = this.clock.after(Math.round(this.random.between(lowMs, highMs) * 1000), run)
  }
}

function nothing(): void {}
