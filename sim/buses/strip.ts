import { shapedWave } from "../pins/bus-wire"
import type { Net } from "../pins/net"
import { BIT_US, readStrip, stripWave } from "./strip-wave"

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

  /** One frame from a chip that drives the wire. */
  send(data: Net, bytes: string, fromUs: number): void {
    const untilUs = fromUs + Math.ceil(8 * bytes.length * BIT_US)
    const isSpoilt = data.isSpoilt(fromUs, untilUs)
    const wave = () => readStrip(shapedWave(data, stripWave({ atUs: fromUs, bytes }), 0))
    const runs = isSpoilt ? wave() : [{ bytes, fromUs, untilUs }]
    for (const target of this.targetsOn(data))
      for (const run of runs) target.onBytes(run.bytes, run.fromUs, run.untilUs)
  }
}
