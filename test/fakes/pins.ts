import type { AnalogIn, DigitalIn, DigitalOut, Edge, PwmOut, Wire } from "../../src/hal/pin"
import type { FakeClock } from "./clock"

/** A one-wire line as the driver sees it: what it does is written down with its time, edges come from the test. */
export class FakeWire implements Wire {
  /** "watch 2000", "low 2000", "release 2002", "unwatch 2022": what happened and when, in ms. */
  readonly calls: string[] = []
  private onFall: ((edge: Edge) => void) | undefined
  private isLow = false

  constructor(private readonly clock: FakeClock) {}

  watch(onFall: (edge: Edge) => void): void {
    if (this.onFall) throw new Error("watched twice: a watch leaks")
    if (this.isLow) throw new Error("watch after low(): on the chip it ends the start signal")
    this.onFall = onFall
    this.note("watch")
  }

  unwatch(): void {
    this.onFall = undefined
    this.note("unwatch")
  }

  low(): void {
    this.isLow = true
    this.note("low")
  }

  release(): void {
    if (!this.isLow) throw new Error("release of a line that is not held")
    this.isLow = false
    this.note("release")
  }

  /** Falls with the rise before each, if the watch saw one, in µs from now. Nothing while unwatched. */
  play(falls: { roseUs?: number; fellUs: number }[]): void {
    const nowUs = this.clock.nowMs() * 1000
    for (const { roseUs, fellUs } of falls)
      this.onFall?.({
        time: (nowUs + fellUs) / 1e6,
        lastTime: roseUs === undefined ? undefined : (nowUs + roseUs) / 1e6,
      })
  }

  private note(what: string): void {
    this.calls.push(`${what} ${this.clock.nowMs()}`)
  }
}

/** A PWM pin: refuses a duty the chip could not make. */
export class FakePwm implements PwmOut {
  readonly duties: number[] = []

  get duty(): number {
    const last = this.duties[this.duties.length - 1]
    if (last === undefined) throw new Error("the pin was never written")
    return last
  }

  write(duty: number): void {
    if (!(duty >= 0 && duty <= 1)) throw new Error(`duty ${duty}`)
    this.duties.push(duty)
  }
}

/** A debounced input that the test moves. */
export class FakeInput implements DigitalIn {
  private onChange: ((isHigh: boolean) => void) | undefined

  constructor(private level = true) {}

  isHigh = (): boolean => this.level

  watch(onChange: (isHigh: boolean) => void): void {
    if (this.onChange) throw new Error("watched twice: a watch leaks")
    this.onChange = onChange
  }

  move(isHigh: boolean): void {
    this.level = isHigh
    this.onChange?.(isHigh)
  }
}

/** An output that writes down each change with its time: "on 2000". */
export class FakeOutput implements DigitalOut {
  readonly writes: string[] = []

  constructor(private readonly clock: FakeClock) {}

  write(isHigh: boolean): void {
    this.writes.push(`${isHigh ? "on" : "off"} ${this.clock.nowMs()}`)
  }
}

/** A converter that reads what the test lists, in turn; the last again and again. */
export class FakeAnalog implements AnalogIn {
  reads = 0

  constructor(public shares: number[]) {
    if (!shares.length) throw new Error("a converter reads something")
  }

  read(): number {
    return this.shares[Math.min(this.reads++, this.shares.length - 1)]!
  }
}
