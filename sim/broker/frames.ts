import { Fault, R_MALFORMED, R_PACKET_TOO_LARGE } from "./reason"

/** A whole packet; what follows the fixed header begins at `body`. */
type OnFrame = (frame: Buffer, body: number) => void

const MAX_LENGTH_BYTES = 4

/** Cuts a stream into packets, however it arrives, and judges a length before the packet has come. */
export class Frames {
  private parts: Buffer[] = []
  private held = 0
  /** Bytes without which it is no use to look again. */
  private wanted = 2

  constructor(
    private readonly onFrame: OnFrame,
    private readonly maximumBytes: () => number,
  ) {}

  /** Throws a Fault at what cannot be a packet. `mayGoOn` is asked after each packet. */
  receive(bytes: Buffer, mayGoOn: () => boolean): void {
    const whole = this.held ? this.join(bytes) : bytes
    if (!whole) return
    let taken = 0
    let last = -1
    while (taken < whole.length && last !== 0 && mayGoOn())
      taken += last = this.take(taken ? whole.subarray(taken) : whole)
    if (taken < whole.length) this.keep(whole.subarray(taken))
  }

  /** All that is held and what has come, if it may be enough. */
  private join(bytes: Buffer): Buffer | undefined {
    this.keep(bytes)
    if (this.held < this.wanted) return undefined
    const whole = Buffer.concat(this.parts)
    this.parts = []
    this.held = 0
    return whole
  }

  private keep(bytes: Buffer): void {
    this.parts.push(bytes)
    this.held += bytes.length
  }

  /** Bytes of the packet handed on, 0 when it is not complete. */
  private take(bytes: Buffer): number {
    let length = 0
    let body = 1
    for (let byte = 0x80; byte & 0x80; body++) {
      if (body > MAX_LENGTH_BYTES) throw new Fault(R_MALFORMED, "a fifth length byte")
      if (body >= bytes.length) return this.want(body + 1)
      byte = bytes[body]
      length += (byte & 0x7f) * 128 ** (body - 1)
    }
    const total = body + length
    if (total > this.maximumBytes()) throw new Fault(R_PACKET_TOO_LARGE, `${total} bytes`)
    if (total > bytes.length) return this.want(total)
    this.wanted = 2
    this.onFrame(total === bytes.length ? bytes : bytes.subarray(0, total), body)
    return total
  }

  private want(bytes: number): 0 {
    this.wanted = bytes
    return 0
  }
}
