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

/** Nothing is lost down to here, and nothing is heard below there. Estimates, by the ESP32's sensitivity of -93 dBm (HT20, MCS0). */
const CLEAR_DBM = -80
const FAINTEST_DBM = -92
/** At the edge of reach. An estimate: the radio repeats each frame by itself, TCP sees only what is lost all the same. */
const LOSS_AT_EDGE_PCT = 30

/** The one access point of a house. Fields may be changed while it runs. */
export class Wifi {
  ssid: string
  /** "" of an open network; undefined: any is taken. */
  password: string | undefined
  /** Of 100 TCP segments (and look-ups), so many are lost, by the seed; a weak signal loses more on top. */
  lossPct = 0
  /** False: clients associate and go on asking for an address (Espruino raises no event for that). */
  hasDhcp = true
  /** From association to the address. */
  dhcpMs = 600
  /** Time without beacons after which a station believes that the access point is gone (ESP-IDF's default). */
  beaconTimeoutMs = 6_000
  readonly stations: Station[] = []
  private isOn = true
  private signalDbm = -58

  constructor(network: { ssid: string; password?: string }) {
    this.ssid = network.ssid
    this.password = network.password
  }

  get isUp(): boolean {
    return this.isOn
  }

  /** At the boards. Below -92 they hear nothing: as if the access point had no power. */
  get rssiDbm(): number {
    return this.signalDbm
  }
  set rssiDbm(value: number) {
    this.change(() => (this.signalDbm = value))
  }

  /** The access point loses power. */
  drop(): void {
    this.change(() => (this.isOn = false))
  }

  restore(): void {
    this.change(() => (this.isOn = true))
  }

  /** What is lost of all segments, 0 to 1: by `lossPct`, and by the square of what the signal is below -80 dBm. */
  lossShare(): number {
    const weakness = Math.max(0, CLEAR_DBM - this.signalDbm) / (CLEAR_DBM - FAINTEST_DBM)
    const kept = (1 - this.lossPct / 100) * (1 - (LOSS_AT_EDGE_PCT / 100) * weakness ** 2)
    return 1 - Math.max(0, kept)
  }

  /** The access point throws a station out (deauthentication): it learns so at once. */
  kick(device?: string): void {
    for (const station of this.stations) if (!device || station.line.device === device) station.lose("8")
  }

  isHeard(ssid: string): boolean {
    return this.isInReach() && ssid === this.ssid
  }

  private isInReach(): boolean {
    return this.isOn && this.signalDbm >= FAINTEST_DBM
  }

  /** Stations are told only of what makes a difference to them. */
  private change(run: () => void): void {
    const wasInReach = this.isInReach()
    run()
    if (this.isInReach() === wasInReach) return
    for (const station of this.stations)
      if (wasInReach) station.onAccessPointGone()
      else station.onAccessPointBack()
  }
}

/** Seconds between two questions for an address, while nobody answers (dhcp_discover in lwIP's dhcp.c). */
const DHCP_RETRY_S = [2, 4, 8, 16, 32, 60]

type StationState = "idle" | "associating" | "leasing" | "connected"
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
  ip: string
  private next: Alarm | undefined
  protected events: StationEvents = { onAssociated: nothing, onConnected: nothing, onDisconnected: nothing }

  constructor(
    readonly wifi: Wifi,
    readonly line: Line,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {
    wifi.stations.push(this)
    line.lossShare = () => wifi.lossShare()
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
    } else if (this.state === "leasing") this.askForAddress()
  }

  private associate(): void {
    if (!this.wifi.isHeard(this.ssid)) return this.fail("201", 1_500)
    // A wrong password shows as a handshake that never ends.
    if (this.password !== (this.wifi.password ?? this.password)) return this.fail("15", 2_500)
    this.state = "leasing"
    this.events.onAssociated()
    this.askForAddress()
  }

  private askForAddress(tries = 0): void {
    if (this.wifi.hasDhcp) return this.schedule(() => this.onAddress(), this.wifi.dhcpMs, this.wifi.dhcpMs)
    const waitMs = 1000 * (DHCP_RETRY_S[tries] ?? DHCP_RETRY_S.at(-1)!)
    this.schedule(() => this.askForAddress(tries + 1), waitMs, waitMs)
  }

  private onAddress(): void {
    this.state = "connected"
    this.line.set({ isUp: true })
    this.events.onConnected(this.ip)
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
