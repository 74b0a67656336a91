import type { I2cWiring } from "../buses/i2c"
import type { Net } from "../pins/net"
import { SensorFaults } from "./sensor-faults"
import type { Felt } from "./sensor-faults"

/** Of every part on an I2C bus; its data wire is SDA. */
export class I2cFaults extends SensorFaults {
  /** What `--fault` takes for those with a number. */
  static readonly limits = { flipBit: [0, 255], drift: [-1e6, 1e6] } as const
  static override readonly texts = {
    ...super.texts,
    badCrc: "its check bytes are wrong, where it sends any",
    flipBit: "this bit of every read message arrives inverted, 0 the first",
    holdsSda: "it waits in the middle of a byte and holds SDA low, until nine clocks or a power loss",
  }
  /** Check bytes are wrong. Nothing happens on a part that has none. */
  badCrc = false
  /** Bit to invert in each read message, 0 (first) on. */
  flipBit: number | undefined

  constructor(
    sda: Net,
    felt: () => Felt,
    private readonly i2c: I2cWiring,
  ) {
    super(sda, felt)
  }

  /** The part waits in the middle of a byte and holds SDA low, until it gets nine clocks or loses its power. */
  get holdsSda(): boolean {
    return this.i2c.isHeld(this.wire)
  }
  set holdsSda(isOn: boolean) {
    if (isOn) this.i2c.hold(this.wire)
    else this.i2c.clear(this.wire)
  }
}
