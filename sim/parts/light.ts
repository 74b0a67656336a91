import { FLOAT } from "../pins/net"
import type { Net } from "../pins/net"
import type { Part, PartPlace } from "./part"

/** LEDs behind MOSFETs or on the pins themselves, active high: light is proportional to duty, the eye is not. */
export abstract class Lamp<Role extends string> implements Part {
  abstract readonly part: string
  readonly name: string
  private readonly nets: Record<Role, Net>
  private isPowered = false
  private willTell = false

  constructor(
    private readonly place: PartPlace,
    roles: readonly Role[],
  ) {
    this.name = place.name
    this.nets = Object.fromEntries(roles.map((role) => [role, place.net(role)])) as Record<Role, Net>
    for (const net of Object.values<Net>(this.nets)) {
      net.drive(this, FLOAT)
      net.onPwm(() => this.onChange())
      net.onEdge(() => this.onChange())
    }
  }

  abstract values(): Record<string, number>
  abstract currentMa(): number

  powerOn(): void {
    this.isPowered = true
  }

  powerOff(): void {
    this.isPowered = false
  }

  /** Linear light of one channel, 0 to 1; 0 without power. */
  protected lightOf(role: Role): number {
    const net = this.nets[role]
    return this.isPowered ? (net.pwm ? net.pwm.duty : net.level) : 0
  }

  /** Several pins change at one instant: that is one change of the lamp. */
  private onChange(): void {
    if (this.willTell) return
    this.willTell = true
    this.place.clock.after(0, () => {
      this.willTell = false
      this.place.tell("shines", this.values())
    })
  }
}

/** IEC 61966-2-1. */
export function toSrgb(linear: number): number {
  const coded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(255 * Math.min(1, Math.max(0, coded)))
}

export interface Rgb {
  red: number
  green: number
  blue: number
}

/**
 * Linear RGB of a black body, its strongest channel 1. Estimate for a screen: Planck's locus in CIE xy by the cubic of Kim et al.
 * (US patent 7,024,034), 1,667 to 25,000 K, then the matrix of sRGB (IEC 61966-2-1).
 */
export function rgbOfKelvin(kelvin: number): Rgb {
  const t = 1000 / Math.min(25_000, Math.max(1_667, kelvin))
  const x =
    kelvin < 4_000
      ? -0.2661239 * t ** 3 - 0.2343589 * t ** 2 + 0.8776956 * t + 0.17991
      : -3.0258469 * t ** 3 + 2.1070379 * t ** 2 + 0.2226347 * t + 0.24039
  const y =
    kelvin < 2_222
      ? -1.1063814 * x ** 3 - 1.3481102 * x ** 2 + 2.18555832 * x - 0.20219683
      : kelvin < 4_000
        ? -0.9549476 * x ** 3 - 1.37418593 * x ** 2 + 2.09137015 * x - 0.16748867
        : 3.081758 * x ** 3 - 5.8733867 * x ** 2 + 3.75112997 * x - 0.37001483
  const [X, Z] = [x / y, (1 - x - y) / y]
  const red = 3.2406 * X - 1.5372 - 0.4986 * Z
  const green = -0.9689 * X + 1.8758 + 0.0415 * Z
  const blue = 0.0557 * X - 0.204 + 1.057 * Z
  const most = Math.max(red, green, blue)
  return { red: Math.max(0, red / most), green: Math.max(0, green / most), blue: Math.max(0, blue / most) }
}
