import type { Emit } from "./convert"

/** An input is told of a level that was steady so long (src/hal/espruino/input.ts). */
const DEBOUNCE_US = 25_000
/** What nobody saw: the line of a sensor goes up again behind its last fall (50 us, AM2302 manual, section 7.3). */
const LAST_LOW_US = 54

type Level = 0 | 1

/** What the records say of levels, as edges of the pins. */
export class Levels {
  /** By pin: what the chip made of it last. */
  private readonly written = new Map<number, Level>()
  /** By pin: what came from outside last. */
  private readonly outside = new Map<number, Level>()
  /** By pin: when the program last heard of a change. */
  private readonly told = new Map<number, number>()
  /** When a watched line fell last, and has not been seen up again. */
  private readonly fallen = new Map<number, number>()
  /** By pin: since when the program sees a level that nothing has told of. */
  private readonly seen = new Map<number, number>()

  constructor(
    private readonly name: (pin: number) => string,
    private readonly emit: Emit,
  ) {}

  /** The chip drives the pin, or pulls it. */
  write(atUs: number, pin: number, level: Level): void {
    this.rest(pin)
    if (this.written.get(pin) === level) return
    this.written.set(pin, level)
    this.edge(atUs, pin, level, "chip")
  }

  /** A watched line fell; `highUs` before it had gone up. Falls that the chip made itself are its own doing. */
  fall(atUs: number, pin: number, highUs: number | undefined): void {
    if (highUs !== undefined) this.fallen.delete(pin)
    if (this.written.get(pin) === 0) return
    if (highUs !== undefined) this.edge(atUs - highUs, pin, 1, "outside")
    this.edge(atUs, pin, 0, "outside")
    this.fallen.set(pin, atUs)
  }

  /** An input has been steady at this level. */
  change(atUs: number, pin: number, level: Level): void {
    this.seen.delete(pin)
    this.outside.set(pin, level)
    // Never before the last change was told: a busy chip tells late, and two edges at once would be a bounce.
    this.edge(Math.max(atUs - DEBOUNCE_US, (this.told.get(pin) ?? 0) + 1), pin, level, "outside")
    this.told.set(pin, atUs)
  }

  /** The program looked. What it saw may be a change that is told of in a moment, or a bounce, which is over soon. */
  look(atUs: number, pin: number, level: Level): void {
    if ((this.outside.get(pin) ?? 1) === level) this.bounce(pin)
    else if (!this.seen.has(pin)) this.seen.set(pin, atUs)
  }

  /** All before `atUs` is known. */
  settle(atUs: number): void {
    for (const [pin, seenUs] of this.seen) if (seenUs < atUs - DEBOUNCE_US) this.bounce(pin)
  }

  /** Nothing more will come. */
  end(): void {
    this.settle(Infinity)
    for (const pin of this.fallen.keys()) this.rest(pin)
  }

  /** What was seen stood for the moment in which it was. */
  private bounce(pin: number): void {
    const seenUs = this.seen.get(pin)
    if (seenUs === undefined) return
    const steady = this.outside.get(pin) ?? 1
    this.seen.delete(pin)
    this.edge(seenUs - 1, pin, steady ? 0 : 1, "outside")
    this.edge(seenUs + 1, pin, steady, "outside")
  }

  private rest(pin: number): void {
    const fellUs = this.fallen.get(pin)
    this.fallen.delete(pin)
    if (fellUs !== undefined) this.edge(fellUs + LAST_LOW_US, pin, 1, "outside")
  }

  private edge(atUs: number, pin: number, level: Level, by: "chip" | "outside"): void {
    this.emit(atUs, { kind: "pin", pin: this.name(pin), level: level ? "rise" : "fall", by })
  }
}
