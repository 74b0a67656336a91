import { isUtf8 } from "node:buffer"
import { Fault, R_MALFORMED } from "./reason"

/** Reads the data types of MQTT 5.0 §1.5 from a packet; throws a Fault where the packet ends too early or a value is none. */
export class Cursor {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length
  }

  u8(): number {
    return this.bytes[this.skip(1)]
  }

  u16(): number {
    return this.bytes.readUInt16BE(this.skip(2))
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.skip(4))
  }

  /** [MQTT-1.5.5-1] of 5.0: the fewest bytes that hold the value */
  varint(): number {
    let value = 0
    for (let count = 0; count < 4; count++) {
      const byte = this.u8()
      value += (byte & 0x7f) * 128 ** count
      if (byte & 0x80) continue
      if (byte === 0 && count > 0) throw new Fault(R_MALFORMED, "a variable byte integer longer than need be")
      return value
    }
    throw new Fault(R_MALFORMED, "a variable byte integer of five bytes")
  }

  binary(): Buffer {
    const length = this.u16()
    return this.bytes.subarray(this.skip(length), this.at)
  }

  text(): string {
    const from = this.at + 2
    this.passText()
    return this.bytes.toString("utf8", from, this.at)
  }

  /** [MQTT-1.5.3-1, -2] of 3.1.1, [MQTT-1.5.4-1, -2] of 5.0: well-formed UTF-8 without U+0000. Most texts are ASCII. */
  passText(): void {
    const length = this.u16()
    const from = this.skip(length)
    for (let i = from; i < this.at; i++) {
      const byte = this.bytes[i]
      if (byte >= 0x80 && isUtf8(this.bytes.subarray(i, this.at)) && !this.bytes.subarray(i, this.at).includes(0))
        return
      if (byte === 0 || byte >= 0x80) throw new Fault(R_MALFORMED, "text that is not UTF-8, or has U+0000")
    }
  }

  private skip(count: number): number {
    const at = this.at
    if (at + count > this.bytes.length) throw new Fault(R_MALFORMED, "a field beyond the end of the packet")
    this.at = at + count
    return at
  }
}
