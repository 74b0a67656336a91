import type { StripTarget } from "../buses/strip"
import type { Alarm } from "../clock/clock"
import { KINDS, orderOf, pixelOf } from "./led-pixel"
import type { Pixel, StripKind } from "./led-pixel"
import type { Part, PartPlace } from "./part"
import { toSrgb } from "./light"

/**
 * A chain of WS2812B (Worldsemi, WS2812B-V5) or SK6812 RGBW (Opsco) LEDs on one data wire. Each LED takes the first bytes that reach
 * it, passes on the rest, and shows what it took once the line has been low for the reset time. Options: `leds` (1 to 1000), `kind`
 * "ws2812" or "sk6812", `order` of the bytes such as "GRB". What comes sooner than the reset time after a frame continues it.
 */
const DARK: Pixel = { red: 0, green: 0, blue: 0, white: 0 }

class LedStripFaults {
  static readonly limits = { cut: [0, 1000] }
  static readonly texts = {
    missing: "nobody is there",
    cut: "the data wire is broken behind so many LEDs: the others keep what they show",
  }
  /** Nobody is there. */
  missing = false
  /** The data wire is broken behind this many LEDs: the others keep what they show. */
  cut: number | undefined
}

export class LedStrip implements Part, StripTarget {
  readonly part = "led-strip"
  readonly name: string
  readonly faults = new LedStripFaults()
  /** What each LED shows, 0 to 255 a colour, the nearest to the board first. */
  pixels: Pixel[]
  /** Frames that were shown since power-on. */
  frames = 0
  private readonly place: PartPlace
  private readonly kind: StripKind
  private readonly order: (keyof Pixel)[]
  private isPowered = false
  private taken = ""
  private quietFromUs = 0
  private latch: Alarm | undefined

  constructor(place: PartPlace) {
    this.place = place
    this.name = place.name
    this.kind = KINDS[place.option<string>("kind", "ws2812") as keyof typeof KINDS] ?? KINDS.ws2812
    this.order = orderOf(place.option("order", this.kind.order))
    this.pixels = Array.from({ length: place.option("leds", 8) }, () => DARK)
    place.buses.strip.attach(place.net("data"), this)
  }

  /** Linear light, 0 to 255, the mean of all LEDs. */
  get mean(): Pixel {
    const sum = (colour: keyof Pixel) => this.pixels.reduce((total, pixel) => total + pixel[colour], 0)
    const { length } = this.pixels
    return {
      red: sum("red") / length,
      green: sum("green") / length,
      blue: sum("blue") / length,
      white: sum("white") / length,
    }
  }

  values(): Record<string, number> {
    const { red, green, blue, white } = this.mean
    const lit = this.pixels.filter((pixel) => Object.values(pixel).some(Boolean)).length
    const shown = (colour: number) => toSrgb((colour + white) / 255)
    return {
      lit,
      ma: Math.round(this.currentMa()),
      swatchRed: shown(red),
      swatchGreen: shown(green),
      swatchBlue: shown(blue),
    }
  }

  /** At 5 V: each channel by its duty, and each LED's own circuit. */
  currentMa(): number {
    if (!this.isPowered || this.faults.missing) return 0
    const { red, green, blue, white } = this.mean
    const perLed = this.kind.idleMa + ((red + green + blue + white) / 255) * this.kind.channelMa
    return this.pixels.length * perLed
  }

  powerOn(): void {
    this.isPowered = true
  }

  /** LEDs forget: they are dark after power-on until the first frame. */
  powerOff(): void {
    this.isPowered = false
    this.taken = ""
    this.frames = 0
    this.place.clock.cancel(this.latch)
    this.pixels = this.pixels.map(() => DARK)
  }

  onBytes(bytes: string, fromUs: number, untilUs: number): void {
    if (!this.isPowered || this.faults.missing) return
    const { clock } = this.place
    const isContinued = this.taken !== "" && fromUs - this.quietFromUs < this.kind.resetUs
    if (isContinued)
      this.place.tell(`takes a frame ${fromUs - this.quietFromUs} us behind the last for its continuation`)
    this.taken = isContinued ? this.taken + bytes : bytes
    this.quietFromUs = untilUs
    clock.cancel(this.latch)
    this.latch = clock.at(untilUs + this.kind.resetUs, () => this.show())
  }

  /** An LED that did not get all of its bytes keeps what it shows. */
  private show(): void {
    const size = this.order.length
    const reached = Math.min(this.faults.cut ?? Infinity, Math.floor(this.taken.length / size))
    this.pixels = this.pixels.map((pixel, i) => (i < reached ? pixelOf(this.taken, i * size, this.order) : pixel))
    this.taken = ""
    this.frames++
    this.place.tell("shows", this.values())
  }
}
