import type { I2cEvent } from "../events"
import type { I2cTarget } from "./i2c"

/**
 * SCL is low for 54 % of a bit: at 100 kHz that is t_LOW 5.4 us (4.7 at least) and t_HIGH 4.6 us (4.0 at least), at 400 kHz
 * 1.35 us (1.3) and 1.15 us (0.6) (UM10204, table of characteristics of the SDA and SCL bus lines).
 */
export const LOW_BITS = 0.54
export const HIGH_BITS = 1 - LOW_BITS
/** From STOP to where the next START may come, and from SCL's rise to a repeated START: t_BUF and t_SU;STA, 4.7 us each. */
export const FREE_BITS = LOW_BITS

/** What a master puts on the bus between START and STOP. */
export interface I2cRequest {
  /** 7 bits. */
  address: number
  hz: number
  /** Bytes to send, or how many to read. */
  data: number[] | number
  isStopped: boolean
  /** The master gives up when a part holds SCL low for longer. */
  maxStretchUs: number
  /** False for a master that goes on whether anybody acknowledges or not. */
  checksAck: boolean
}

export type I2cResult = Pick<
  I2cEvent,
  "isRead" | "isAcked" | "bytes" | "acks" | "stretchUs" | "isStopped" | "fault"
> & {
  /** From START to where the next one may come. */
  durationUs: number
}

/** Sends one message to whoever hangs on the bus. Several parts at one address all answer: a line is low when any pulls it. */
export function transfer(targets: I2cTarget[], request: I2cRequest, atUs: number): I2cResult {
  const message = new Message(targets, request, atUs)
  const isRead = typeof request.data === "number"
  if (message.start(isRead) || !request.checksAck) {
    if (typeof request.data === "number") message.read(request.data)
    else message.write(request.data)
  }
  return { isRead, ...message.end() }
}

class Message {
  private readonly bitUs: number
  private readonly startUs: number
  private nowUs: number
  private meant: I2cTarget[] = []
  private isAcked = false
  private readonly bytes: number[] = []
  private readonly acks: boolean[] = []
  private readonly stretches: number[] = []
  private fault: string | undefined

  constructor(
    private readonly targets: I2cTarget[],
    private readonly request: I2cRequest,
    atUs: number,
  ) {
    this.bitUs = 1e6 / request.hz
    this.startUs = atUs
    this.nowUs = atUs + HIGH_BITS * this.bitUs
  }

  start(isRead: boolean): boolean {
    const atUs = this.afterByte()
    this.meant = this.targets.filter((target) => target.onStart(this.request.address, isRead, atUs))
    return (this.isAcked = this.acknowledge(this.meant.length > 0))
  }

  write(bytes: number[]): void {
    for (const byte of bytes) {
      const atUs = this.afterByte()
      const takers = this.meant.filter((target) => target.onWrite(byte, atUs))
      this.bytes.push(byte)
      this.acks.push(this.acknowledge(takers.length > 0))
      if (this.fault || (this.request.checksAck && !this.acks.at(-1))) return
    }
  }

  /** The master acknowledges each byte but the last. */
  read(count: number): void {
    for (let left = count; left > 0 && !this.fault; left--) {
      const atUs = Math.round(this.nowUs)
      this.bytes.push(this.meant.reduce((wired, target) => wired & target.onRead(atUs), 0xff))
      this.nowUs += 8 * this.bitUs
      this.acks.push(this.acknowledge(left > 1))
    }
  }

  end(): Omit<I2cResult, "isRead"> {
    const isStopped = this.request.isStopped || this.fault !== undefined || this.isRefused()
    if (isStopped) this.targets.forEach((target) => target.onStop(Math.round(this.nowUs)))
    const closingBits = LOW_BITS + FREE_BITS + (isStopped ? HIGH_BITS : 0)
    return {
      isStopped,
      isAcked: this.isAcked,
      bytes: this.bytes,
      acks: this.acks,
      ...(this.stretches.some((us) => us > 0) && { stretchUs: this.stretches }),
      ...(this.fault && { fault: this.fault }),
      durationUs: Math.ceil(this.nowUs + closingBits * this.bitUs - this.startUs - 1e-6),
    }
  }

  private isRefused(): boolean {
    const { checksAck, data } = this.request
    return checksAck && (!this.isAcked || (typeof data !== "number" && this.acks.at(-1) === false))
  }

  private afterByte(): number {
    this.nowUs += 8 * this.bitUs
    return Math.round(this.nowUs)
  }

  /** The ninth clock, which comes when nobody holds SCL low any more. */
  private acknowledge(isAcked: boolean): boolean {
    const atUs = Math.round(this.nowUs)
    const wantedUs = Math.max(0, ...this.meant.map((target) => target.stretchUs?.(atUs) ?? 0))
    const isTooLong = wantedUs > this.request.maxStretchUs
    const heldUs = isTooLong ? this.request.maxStretchUs : wantedUs
    this.stretches.push(heldUs)
    this.nowUs += heldUs + this.bitUs
    if (isTooLong) this.fault = `SCL is held low for more than ${heldUs} us`
    return isAcked && !isTooLong
  }
}
