import type { Alarm } from "../clock/clock"
import type { Net } from "../pins/net"
import { FLOAT, LOW, PULL_UP } from "../pins/net"
import { dht22Pulses } from "./dht22-frame"
import type { Dht22Timing } from "./dht22-frame"
import type { PartPlace } from "./part"

/** "Don't send any instruction within one second" of power-on: the sensor is unstable and stays silent (both datasheets). */
const WARM_UP_US = 1_000_000

/** The one wire of the DHT family, with a pull-up on the module: waits for a start pulse, then sends what it is given. */
export class DhtLine {
  /** "jitter" draws each edge between the datasheet's limits, by the seed. */
  timing: Dht22Timing = "jitter"
  isAnswering = false
  private poweredAtUs = Infinity
  private fellAtUs = -1
  private pulse: Alarm | undefined

  /** `answer` is asked after a start of legal length: the bits to send, or nothing to stay silent. */
  constructor(
    private readonly place: PartPlace,
    private readonly data: Net,
    private readonly startUs: readonly [shortest: number, longest: number],
    private readonly answer: () => number[] | undefined,
  ) {
    data.onEdge((level) => this.onEdge(level))
  }

  powerOn(): void {
    this.poweredAtUs = this.place.clock.nowUs
    this.rest()
  }

  powerOff(): void {
    this.poweredAtUs = Infinity
    this.fellAtUs = -1
    this.isAnswering = false
    this.place.clock.cancel(this.pulse)
    this.rest()
  }

  private onEdge(level: 0 | 1): void {
    if (this.isAnswering) return
    const { nowUs } = this.place.clock
    if (level === 0) this.fellAtUs = nowUs
    else if (this.fellAtUs >= 0) this.onStartPulse(nowUs - this.fellAtUs)
  }

  private onStartPulse(lowUs: number): void {
    this.fellAtUs = -1
    // Without power the difference is negative without end.
    if (this.place.clock.nowUs - this.poweredAtUs < WARM_UP_US) return
    const [shortest, longest] = this.startUs
    const isLegal = lowUs >= shortest && lowUs <= longest
    const bits = isLegal ? this.answer() : undefined
    if (!isLegal) this.place.tell(`ignores a start of ${lowUs} us`)
    if (bits) this.send(dht22Pulses(bits, this.timing, this.place.random), 0)
  }

  /** Pulses alternate: even ones end in a fall, odd ones in a rise. */
  private send(pulsesUs: number[], index: number): void {
    this.isAnswering = index < pulsesUs.length
    if (!this.isAnswering) return this.rest()
    this.pulse = this.place.clock.after(pulsesUs[index], () => {
      if (index % 2 === 0) this.data.drive(this, LOW)
      else this.rest()
      this.send(pulsesUs, index + 1)
    })
  }

  private rest(): void {
    this.data.drive(this, this.poweredAtUs === Infinity ? FLOAT : PULL_UP)
  }
}
