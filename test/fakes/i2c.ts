import type { I2c } from "../../src/hal/i2c"
import type { FakeClock } from "./clock"

interface Message {
  what: string
  answer: boolean | Uint8Array | undefined
}

const hex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ")

/** Plays one conversation on a bus, message by message, and fails on any other. */
export class FakeI2c implements I2c {
  /** When each message was sent, in ms of the clock. */
  readonly timesMs: number[] = []
  private readonly script: Message[] = []

  constructor(private readonly clock: FakeClock) {}

  /** Next, these bytes are written to `address`, and acknowledged. */
  takes(address: number, ...bytes: number[]): this {
    return this.then(`write ${hex([address])}: ${hex(bytes)}`, true)
  }

  /** Next, these bytes are written to `address`, and somebody does not acknowledge. */
  refuses(address: number, ...bytes: number[]): this {
    return this.then(`write ${hex([address])}: ${hex(bytes)}`, false)
  }

  /** Next, as many bytes as these are read from `address`. */
  gives(address: number, ...bytes: number[]): this {
    return this.then(`read ${hex([address])}: ${bytes.length}`, Uint8Array.from(bytes))
  }

  /** Next, `count` bytes are read from `address`, and fewer come. */
  givesOnly(address: number, count: number, ...bytes: number[]): this {
    return this.then(`read ${hex([address])}: ${count}`, Uint8Array.from(bytes))
  }

  /** Next, `count` bytes are read from `address`, which is not acknowledged. */
  refusesRead(address: number, count: number): this {
    return this.then(`read ${hex([address])}: ${count}`, undefined)
  }

  write(address: number, bytes: number | number[]): boolean {
    const list = typeof bytes === "number" ? [bytes] : bytes
    if (!list.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255)) throw new Error(`bytes ${list}`)
    return this.play(`write ${hex([address])}: ${hex(list)}`) as boolean
  }

  read(address: number, count: number): Uint8Array | undefined {
    return this.play(`read ${hex([address])}: ${count}`) as Uint8Array | undefined
  }

  /** Fails unless everything was said. */
  end(): void {
    if (this.script.length) throw new Error(`never came: ${this.script.map(({ what }) => what).join("; ")}`)
  }

  private then(what: string, answer: Message["answer"]): this {
    this.script.push({ what, answer })
    return this
  }

  private play(what: string): Message["answer"] {
    const expected = this.script.shift()
    if (expected?.what !== what) throw new Error(`${what}, and not ${expected?.what ?? "silence"}`)
    this.timesMs.push(this.clock.nowMs())
    return expected.answer
  }
}
