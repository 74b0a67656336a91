import type { Net } from "../pins/net"
import { FLOAT, LOW } from "../pins/net"

/**
 * A part on an I2C bus, as its two lines see it. `atUs` is the bus's own time: a chip that blocks runs ahead of the house's
 * clock, so what depends on time (a conversion that ends) is asked for by instant and never waits for an alarm.
 */
export interface I2cTarget {
  /** START, or a repeated one, and the address byte. True pulls SDA low in the ninth clock: this part is meant. */
  onStart(address: number, isRead: boolean, atUs: number): boolean
  /** A byte for this part; true acknowledges it. */
  onWrite(byte: number, atUs: number): boolean
  /** The byte that the part puts on SDA; 0xFF leaves the line alone. */
  onRead(atUs: number): number
  /** STOP. Comes to every part on the bus, meant or not, and after a message that was broken off. */
  onStop(atUs: number): void
  /** How long the part holds SCL low before the acknowledge of the byte that was just handed over; absent for never. */
  stretchUs?(atUs: number): number
}

interface Placed {
  readonly target: I2cTarget
  readonly sda: Net
  readonly scl: Net
}

/** Who hangs on which two wires. A master finds the parts whose SDA and SCL are its own; swapped wires find nobody. */
export class I2cWiring {
  private readonly placed: Placed[] = []
  private readonly held = new Set<Net>()

  attach(sda: Net, scl: Net, target: I2cTarget): void {
    this.placed.push({ target, sda, scl })
  }

  targetsOn(sda: Net, scl: Net): I2cTarget[] {
    if (sda.isOpen || scl.isOpen) return []
    return this.placed.filter((each) => each.sda === sda && each.scl === scl).map(({ target }) => target)
  }

  /** A part was left in the middle of a byte that it sends: it holds SDA low until it gets clocks (UM10204 §3.1.16). */
  hold(sda: Net): void {
    this.held.add(sda)
    sda.drive(this, LOW)
  }

  isHeld(sda: Net): boolean {
    return this.held.has(sda)
  }

  /** Nine clocks and a STOP, or power taken away: whoever held SDA lets go. */
  clear(sda: Net): void {
    if (this.held.delete(sda)) sda.drive(this, FLOAT)
  }
}
