import type { Net } from "../pins/net"
import { WireFaults } from "./wire-faults"

/** What a sensor feels, as far as its faults are concerned: one quantity, or all that it measures. */
export interface Felt {
  isFrozen: boolean
  drift: number
}

/** What goes wrong with what a sensor feels, beside what goes wrong with how it is wired: `class SensorFaults extends ofFelt(WireFaults)`. */
export function ofFelt<B extends abstract new (...args: any[]) => object>(Base: B) {
  abstract class OfFelt extends Base {
    static readonly texts = {
      ...(Base as { texts?: object }).texts,
      frozen: "it goes on measuring, and always finds what it found last",
      drift: "it tells so much more with every hour (°C; lx of light)",
    }
    /** Asked when a fault is set: a part makes its faults before it feels anything. */
    abstract readonly felt: () => Felt

    /** It goes on measuring and always finds what it found last. */
    get frozen(): boolean {
      return this.felt().isFrozen
    }
    set frozen(isOn: boolean) {
      this.felt().isFrozen = isOn
    }

    /** What is added to its first value (°C, lx) per hour, from when this is set. */
    get drift(): number {
      return this.felt().drift
    }
    set drift(perHour: number) {
      this.felt().drift = perHour
    }
  }
  return OfFelt
}

/** What goes wrong with a sensor on a data wire. */
export class SensorFaults extends ofFelt(WireFaults) {
  constructor(
    wire: Net,
    readonly felt: () => Felt,
  ) {
    super(wire)
  }
}
