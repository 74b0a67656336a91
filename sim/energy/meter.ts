import type { Clock } from "../clock/clock"
import type { Device } from "../device"
import type { HouseEvent } from "../events"
import type { Part } from "../parts/part"
import type { BoardPower, EnergyReport } from "./power"
import { AWAKE_US, BEACON_SHARE, airtimeUs } from "./radio"

/** Milliamperes times microseconds in a milliampere hour. */
const PER_MAH = 3_600_000_000

/** Fixed when the meter is made: every event of the house looks at all of them. */
interface Consumer {
  readonly name: string
  /** What it draws as things stand; undefined for one that is not at work. */
  readonly askMa: () => number | undefined
  /** What it draws since the last look. */
  currentMa: number | undefined
  /** mA us. */
  drawn: number
  /** It was at work at least once, be it at 0 mA. */
  isListed: boolean
}

const consumer = (name: string, askMa: Consumer["askMa"]): Consumer => ({
  name,
  askMa,
  currentMa: undefined,
  drawn: 0,
  isListed: false,
})

/** What one board has drawn. Between two events nothing changes, so it looks only when something happens. */
export class Meter {
  private readonly listening = consumer("radio, listening", () => this.listeningMa())
  private readonly sending = consumer("radio, sending", () => undefined)
  private readonly consumers: readonly Consumer[]
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
    const parts: Part[] = Object.values(device.parts)
    this.consumers = [
      consumer("cpu", () => this.cpuMa()),
      consumer("board", () => power.boardMa),
      this.listening,
      this.sending,
      ...parts.filter((part) => part.currentMa).map((part) => consumer(part.name, () => part.currentMa!())),
    ]
    device.chip.station.line.onSegment((bytes, isFromBoard) => this.onSegment(bytes, isFromBoard))
  }

  onEvent(event: HouseEvent): void {
    if (event.kind === "boot") this.hasRadio = false
    if (event.kind === "wifi") this.hasRadio = true
    this.look()
    // Told while it still has power.
    if (event.kind === "off") for (const each of this.consumers) each.currentMa = undefined
  }

  report(): EnergyReport {
    this.look()
    const { power, device } = this
    const hours = (this.clock.nowUs - (this.startedUs ?? this.clock.nowUs)) / PER_MAH
    const listed = this.consumers.filter(({ isListed }) => isListed)
    const shares = listed.map(({ name, drawn }) => ({ name, mah: drawn / PER_MAH }))
    const mah = shares.reduce((sum, share) => sum + share.mah, 0)
    const averageMa = hours > 0 ? mah / hours : 0
    shares.sort((a, b) => b.mah - a.mah)
    return { device: device.name, hours, mah, averageMa, shares, deepSleepMa: power.deepSleepMa + power.boardMa }
  }

  private look(): void {
    const { nowUs } = this.clock
    const spanUs = nowUs - this.sinceUs
    const { isPowered } = this.device.chip
    for (const each of this.consumers) {
      if (spanUs > 0 && each.currentMa !== undefined) draw(each, each.currentMa * spanUs)
      each.currentMa = isPowered ? each.askMa() : undefined
    }
    this.sinceUs = nowUs
    if (isPowered) this.startedUs ??= nowUs
  }

  private cpuMa(): number {
    const { cpuIdles, cpuIdleMa, cpuActiveMa } = this.power
    const mayIdle = cpuIdles === "without sockets" && this.device.chip.interpreter?.isAlive && !this.hasSockets()
    return mayIdle ? cpuIdleMa : cpuActiveMa
  }

  private listeningMa(): number | undefined {
    if (!this.hasRadio) return undefined
    // Without a connection there is no modem sleep (Espressif's FAQ, power consumption verification).
    const isConnected = this.device.chip.station.state === "connected"
    return this.rxMa * (isConnected ? BEACON_SHARE : 1)
  }

  /** What the receiver draws on top of the CPU. */
  private get rxMa(): number {
    return this.power.rxMa - this.power.cpuIdleMa
  }

  /** Each way a segment has its acknowledgement; either way the receiver is on for a while. */
  private onSegment(bytes: number, isFromBoard: boolean): void {
    draw(this.sending, (this.power.txMa - this.power.cpuIdleMa) * airtimeUs(isFromBoard ? bytes : 0))
    const { nowUs } = this.clock
    const untilUs = nowUs + AWAKE_US
    const addedUs = untilUs - Math.max(nowUs, this.awakeUntilUs)
    this.awakeUntilUs = untilUs
    draw(this.listening, this.rxMa * (1 - BEACON_SHARE) * addedUs)
  }
}

function draw(consumer: Consumer, charge: number): void {
  consumer.drawn += charge
  consumer.isListed = true
}
