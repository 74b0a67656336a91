import { FLOAT } from "../pins/net"
import type { Net } from "../pins/net"
import { SUPPLY_VOLTS } from "../pins/voltage"
import type { Part, PartPlace } from "./part"

/** Potentiometer from supply to ground, its wiper at the pin: linear, 10 kOhm by default (option `ohms`). */
export class Potentiometer implements Part {
  readonly part = "potentiometer"
  readonly name: string
  private readonly wiper: Net
  private readonly ohms: number
  private turned = 0.5
  private isPowered = false

  constructor(place: PartPlace) {
    this.name = place.name
    this.wiper = place.net("wiper")
    this.ohms = place.option("ohms", 10_000)
  }

  /** Where the wiper is: 0 at ground, 1 at the supply. */
  get share(): number {
    return this.turned
  }
  set share(share: number) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${this.name}.share is 0 to 1, not ${share}`)
    this.turned = share
    this.drive()
  }

  values(): Record<string, number> {
    return { share: this.turned }
  }

  currentMa(): number {
    return (SUPPLY_VOLTS * 1000) / this.ohms
  }

  powerOn(): void {
    this.isPowered = true
    this.drive()
  }

  powerOff(): void {
    this.isPowered = false
    this.drive()
  }

  private drive(): void {
    const ohms = this.ohms * this.turned * (1 - this.turned)
    this.wiper.drive(this, this.isPowered ? { kind: "volts", volts: SUPPLY_VOLTS * this.turned, ohms } : FLOAT)
  }
}
