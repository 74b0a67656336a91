import type { BusWire } from "../pins/bus-wire"
import type { I2cTarget } from "./i2c"
import { I2cFarEnd } from "./i2c-far-end"
import { FREE_BITS, HIGH_BITS, LOW_BITS } from "./i2c-message"
import type { I2cRequest, I2cResult } from "./i2c-message"
import { HOLD_BITS } from "./i2c-wave"

interface I2cWires {
  sda: BusWire
  scl: BusWire
}

/**
 * One message on wires of which one or both are spoilt, bit by bit. The master waits until it sees SCL high, as for a part that stretches
 * the clock, so a slow SCL makes a message longer; SDA is looked at in the middle of the clock, whatever has become of it by then.
 */
export function transferSpoilt(
  targets: I2cTarget[],
  request: I2cRequest,
  wires: I2cWires,
  atUs: number,
): I2cResult & { isSdaLeftLow: boolean } {
  const master = new Master(targets, request, wires, atUs)
  const { address, data, checksAck } = request
  const isRead = typeof data === "number"
  const isAcked = master.start((address << 1) | (isRead ? 1 : 0))
  if ((isAcked || !checksAck) && !master.fault) {
    if (typeof data === "number") master.read(data)
    else master.write(data)
  }
  return { isRead, isAcked, ...master.end(isAcked) }
}

class Master {
  fault: string | undefined
  private readonly bytes: number[] = []
  private readonly acks: boolean[] = []
  private readonly stretches: number[] = []
  private readonly bitUs: number
  private nowUs: number
  private sdaOut: 0 | 1 = 1
  private readonly parts: I2cFarEnd

  constructor(
    targets: I2cTarget[],
    private readonly request: I2cRequest,
    private readonly wires: I2cWires,
    private readonly startUs: number,
  ) {
    this.bitUs = 1e6 / request.hz
    this.nowUs = startUs
    this.parts = new I2cFarEnd(targets, (atUs) => this.driveSda(atUs))
  }

  /** True when somebody acknowledges the address byte. */
  start(byte: number): boolean {
    this.putSda(0)
    this.wait(HIGH_BITS)
    this.wires.scl.drive(0, this.nowUs)
    return this.send(byte)
  }

  write(bytes: number[]): void {
    for (const byte of bytes) {
      const isAcked = this.send(byte)
      this.bytes.push(byte)
      this.acks.push(isAcked)
      if (this.fault || (this.request.checksAck && !isAcked)) return
    }
  }

  read(count: number): void {
    for (let left = count; left > 0 && !this.fault; left--) {
      let byte = 0
      for (let i = 0; i < 8; i++) byte = (byte << 1) | this.bit(1, false)
      this.bytes.push(byte)
      this.acks.push(left > 1)
      this.stretch()
      this.bit(left > 1 ? 0 : 1, false)
    }
  }

  end(isAcked: boolean): Omit<I2cResult, "isRead" | "isAcked"> & { isSdaLeftLow: boolean } {
    const { checksAck, data, isStopped: isWanted } = this.request
    const isRefused = checksAck && (!isAcked || (typeof data !== "number" && this.acks.at(-1) === false))
    const isStopped = isWanted || this.fault !== undefined || isRefused
    this.close(isStopped ? 0 : 1)
    return {
      isStopped,
      bytes: this.bytes,
      acks: this.acks,
      ...(this.stretches.some((us) => us > 0) && { stretchUs: this.stretches }),
      ...(this.fault && { fault: this.fault }),
      durationUs: Math.ceil(this.nowUs - this.startUs - 1e-6),
      isSdaLeftLow: this.parts.isPulling,
    }
  }

  private send(byte: number): boolean {
    for (let shift = 7; shift >= 0 && !this.fault; shift--) this.bit(((byte >> shift) & 1) as 0 | 1, true)
    this.stretch()
    return this.bit(1, false) === 0 && !this.fault
  }

  /** One clock: what SDA is in its middle. A sender that puts out 1 and sees 0 has lost the bus to somebody. */
  private bit(out: 0 | 1, isSender: boolean): 0 | 1 {
    if (this.fault) return 1
    this.wait(HOLD_BITS)
    this.putSda(out)
    this.wait(LOW_BITS - HOLD_BITS)
    this.raiseClock()
    this.wait(HIGH_BITS / 2)
    const seen = this.wires.sda.level
    if (isSender && seen !== out) this.fault ??= `SDA is ${seen ? "high" : "low"} where the master sends ${out}`
    this.wait(HIGH_BITS / 2)
    this.wires.scl.drive(0, this.nowUs)
    return seen
  }

  /** STOP from `sda` 0, or ready for a repeated START. */
  private close(sda: 0 | 1): void {
    this.wait(HOLD_BITS)
    this.putSda(sda)
    this.wait(LOW_BITS - HOLD_BITS)
    this.raiseClock()
    if (sda === 0) this.wait(HIGH_BITS)
    this.putSda(1)
    this.wait(FREE_BITS)
  }

  private raiseClock(): void {
    const { scl } = this.wires
    scl.drive(1, this.nowUs)
    const fromUs = this.nowUs
    const untilUs = fromUs + this.request.maxStretchUs
    this.run(fromUs)
    while (scl.level === 0 && !this.fault) {
      const nextUs = Math.min(this.wires.sda.nextUs(), scl.nextUs())
      this.nowUs = Math.min(nextUs, untilUs)
      this.run(this.nowUs)
      if (nextUs > untilUs) this.fault = `SCL is held low for more than ${this.request.maxStretchUs} us`
    }
  }

  /** Before the acknowledge, as in a whole bus. */
  private stretch(): void {
    if (this.fault) return
    const { maxStretchUs } = this.request
    const heldUs = this.parts.stretchUs(this.nowUs)
    this.stretches.push(Math.min(heldUs, maxStretchUs))
    this.nowUs += Math.min(heldUs, maxStretchUs)
    this.run(this.nowUs)
    if (heldUs > maxStretchUs) this.fault = `SCL is held low for more than ${maxStretchUs} us`
  }

  private wait(bits: number): void {
    this.nowUs += bits * this.bitUs
    this.run(this.nowUs)
  }

  private putSda(level: 0 | 1): void {
    this.sdaOut = level
    this.driveSda(this.nowUs)
    this.run(this.nowUs)
  }

  private driveSda(atUs: number): void {
    this.wires.sda.drive(this.parts.isPulling ? 0 : this.sdaOut, atUs)
  }

  /** Everything that happens on the lines up to an instant reaches the parts. */
  private run(untilUs: number): void {
    const { sda, scl } = this.wires
    for (;;) {
      const [sdaUs, sclUs] = [sda.nextUs(), scl.nextUs()]
      const atUs = Math.min(sdaUs, sclUs)
      if (atUs > untilUs) return
      if (sdaUs < sclUs) {
        if (sda.step()) this.parts.onSda(sda.level, scl.level, atUs)
      } else if (scl.step()) this.parts.onScl(scl.level, sda.level, atUs)
    }
  }
}
