import type { Clock } from "../clock/clock"
import type { Device } from "../device"
import type { HouseEvent } from "../events"
import type { Part } from "../parts/part"
import type { BoardPower, EnergyReport } from "./power"
import { AWAKE_US, BEACON_SHARE, airtimeUs } from "./radio"

/** Milliamperes times microseconds in a milliampere hour. */
const PER_MAH = 3_600_000_000

/** What one board has drawn. Between two events nothing changes, so it looks only when something happens. */
export class Meter {
  private readonly drawn = new Map<string, number>()
  /** What flows since `sinceUs`, by consumer. */
  private flows: [name: string, currentMa: number][] = []
  private readonly parts: Part[]
  private sinceUs = 0
  private startedUs: number | undefined
  /** The radio was started since boot: it listens, unless it is connected and may sleep. */
  private hasRadio = false
  private awakeUntilUs = 0

  constructor(
    private readonly device: Device,
    private readonly power: BoardPower,
    private readonly clock: Clock,
    private readonly hasSockets: () => boolean,
  ) {
    this.parts = Object.values(device.parts).filter((part: Part) => part.currentMa)
    device.chip.station.line.onSegment((bytes, isFromBoard) => this.onSegment(bytes, isFromBoard))
  }

  onEvent(event: HouseEvent): void {
    if (event.kind === "boot") this.hasRadio = false
    if (event.kind === "wifi") this.hasRadio = true
    this.look()
    // Told while it still has power.
    if (event.kind === "off") this.flows = []
  }

  report(): EnergyReport {
    this.look()
    const { power, device } = this
    const hours = (this.clock.nowUs - (this.startedUs ?? this.clock.nowUs)) / PER_MAH
    const shares = [...this.drawn].map(([name, charge]) => ({ name, mah: charge / PER_MAH }))
    const mah = shares.reduce((sum, share) => sum + share.mah, 0)
    const averageMa = hours > 0 ? mah / hours : 0
    shares.sort((a, b) => b.mah - a.mah)
    return { device: device.name, hours, mah, averageMa, shares, deepSleepMa: power.deepSleepMa + power.boardMa }
  }

  private look(): void {
    const { nowUs } = this.clock
    if (nowUs > this.sinceUs)
      for (const [name, currentMa] of this.flows) this.draw(name, currentMa * (nowUs - this.sinceUs))
    this.sinceUs = nowUs
    this.flows = this.device.chip.isPowered ? this.flowing() : []
    if (this.flows.length) this.startedUs ??= nowUs
  }

  private flowing(): [string, number][] {
    const { power, device } = this
    const mayIdle = power.cpuIdles === "without sockets" && device.chip.interpreter?.isAlive && !this.hasSockets()
    const flows: [string, number][] = [
      ["cpu", mayIdle ? power.cpuIdleMa : power.cpuActiveMa],
      ["board", power.boardMa],
    ]
    // Without a connection there is no modem sleep (Espressif's FAQ, power consumption verification).
    const isConnected = device.chip.station.state === "connected"
    if (this.hasRadio) flows.push(["radio, listening", this.rxMa * (isConnected ? BEACON_SHARE : 1)])
    for (const part of this.parts) flows.push([part.name, part.currentMa!()])
    return flows
  }

  /** What the receiver draws on top of the CPU. */
  private get rxMa(): number {
    return this.power.rxMa - this.power.cpuIdleMa
  }

  /** Each way a segment has its acknowledgement; either way the receiver is on for a while. */
  private onSegment(bytes: number, isFromBoard: boolean): void {
    this.draw("radio, sending", (this.power.txMa - this.power.cpuIdleMa) * airtimeUs(isFromBoard ? bytes : 0))
    const { nowUs } = this.clock
    const untilUs = nowUs + AWAKE_US
    const addedUs = untilUs - Math.max(nowUs, this.awakeUntilUs)
    this.awakeUntilUs = untilUs
    this.draw("radio, listening", this.rxMa * (1 - BEACON_SHARE) * addedUs)
  }

  private draw(name: string, charge: number): void {
    this.drawn.set(name, (this.drawn.get(name) ?? 0) + charge)
  }
}
