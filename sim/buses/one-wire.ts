import type { Net } from "../pins/net"

/** A part on a 1-Wire bus, slot by slot. `atUs` as for I2cTarget. The line is low when any part, or the master, pulls it low. */
export interface OneWireTarget {
  /** A reset pulse ended; true answers with a presence pulse. */
  onReset(atUs: number): boolean
  onWriteBit(bit: 0 | 1, atUs: number): void
  /** 0 holds the line low in this read slot, 1 leaves it alone. */
  onReadBit(atUs: number): 0 | 1
  /** The master drives the line high from here (strong pull-up), or stops doing so. */
  onPower?(isOn: boolean, atUs: number): void
}

export class OneWireWiring {
  private readonly placed: { target: OneWireTarget; data: Net }[] = []

  attach(data: Net, target: OneWireTarget): void {
    this.placed.push({ target, data })
  }

  targetsOn(data: Net): OneWireTarget[] {
    if (data.isOpen) return []
    return this.placed.filter((each) => each.data === data).map(({ target }) => target)
  }
}
