import { I2cWiring } from "./i2c"
import { OneWireWiring } from "./one-wire"
import { SerialWiring } from "./serial"
import { StripWiring } from "./strip"

/** What hangs on the wires of one board besides plain levels. Without a part a bus answers as bare wires do. */
export class Buses {
  readonly i2c = new I2cWiring()
  readonly oneWire = new OneWireWiring()
  readonly strip = new StripWiring()
  readonly serial = new SerialWiring()
}
