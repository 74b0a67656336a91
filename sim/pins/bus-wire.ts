import type { Net } from "./net"

/** What a wire shows from an instant on. Fractions of a microsecond are allowed. */
export interface Change {
  atUs: number
  level: 0 | 1
}

/** How far a bus may run ahead of the house within one call: a search for a wire full of 1-Wire parts takes some 100 ms. */
export const AHEAD_US = 200_000

/**
 * A wire with something wrong, at a bus's own time: a chip that blocks is ahead of the house's clock, so no alarm can say what the
 * wire shows. Driven in order of time; what has been planned for an edge that comes late is dropped at the next edge.
 */
export class BusWire {
  /** As it is seen. */
  level: 0 | 1
  private driven: 0 | 1
  private passed: 0 | 1
  private planned: Change[] = []
  private readonly flipsUs: number[]
  private isFlipped = false

  constructor(
    private readonly net: Net,
    level: 0 | 1,
    atUs: number,
  ) {
    this.level = this.driven = this.passed = level
    this.flipsUs = net.spikes(atUs, atUs + AHEAD_US).flatMap(({ fromUs, untilUs }) => [fromUs, untilUs])
    this.flipsUs.sort((a, b) => a - b)
    // A spike that has begun already.
    while (this.flipsUs[0] < atUs) this.flip()
  }

  drive(level: 0 | 1, atUs: number): void {
    if (level === this.driven) return
    this.driven = level
    this.planned = this.net.changes({ atUs, level })
  }

  /** Of the next change that is due; Infinity without. */
  nextUs(): number {
    return Math.min(this.planned[0]?.atUs ?? Infinity, this.flipsUs[0] ?? Infinity)
  }

  /** Lets the next change happen; true when it is seen. */
  step(): boolean {
    const before = this.level
    if ((this.flipsUs[0] ?? Infinity) < (this.planned[0]?.atUs ?? Infinity)) this.flip()
    else this.passed = this.planned.shift()!.level
    this.show()
    return this.level !== before
  }

  private flip(): void {
    this.flipsUs.shift()
    this.isFlipped = !this.isFlipped
    this.show()
  }

  private show(): void {
    this.level = this.isFlipped ? (this.passed === 1 ? 0 : 1) : this.passed
  }
}

/** For how long behind the last edge a contact may go on bouncing (sim/faults/wire.ts). */
const SETTLE_US = 2_000

/** What becomes of a wave on a wire that one end drives. */
export function shapedWave(net: Net, wave: readonly Change[], rest: 0 | 1): Change[] {
  if (!wave.length) return []
  const wire = new BusWire(net, rest, wave[0].atUs)
  const seen: Change[] = []
  const run = (untilUs: number) => {
    for (let atUs = wire.nextUs(); atUs <= untilUs; atUs = wire.nextUs())
      if (wire.step()) seen.push({ atUs, level: wire.level })
  }
  if (wire.level !== rest) seen.push({ atUs: wave[0].atUs, level: wire.level })
  for (const { atUs, level } of wave) {
    run(atUs)
    wire.drive(level, atUs)
  }
  run(wave.at(-1)!.atUs + SETTLE_US)
  return seen
}
