import type { Net } from "../pins/net"

/** A chain of LEDs at the end of a data wire. */
export interface StripTarget {
  /** Bytes as they pass the first LED; the line is low before `fromUs` and after `untilUs`. */
  onBytes(bytes: string, fromUs: number, untilUs: number): void
}

export class StripWiring {
  private readonly placed: { target: StripTarget; data: Net }[] = []

  attach(data: Net, target: StripTarget): void {
    this.placed.push({ target, data })
  }

  targetsOn(data: Net): StripTarget[] {
    if (!data.isWhole) return []
    return this.placed.filter((each) => each.data === data).map(({ target }) => target)
  }
}
