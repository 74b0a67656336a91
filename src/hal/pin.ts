/**
 * What a driver may ask of a pin. Each interface is one way of using it, so that a program carries
 * only the adapters of the pins it declares. Numbers of pins never reach a driver.
 */

/** One edge seen by a watch; times in seconds with microsecond resolution, as the chip's interrupt stamped them. */
export interface Edge {
  readonly time: number
  /** The change before this one, on either edge; undefined for the first edge after `watch`. */
  readonly lastTime: number | undefined
}

/** An open-drain line with a pull-up that both ends pull low: DHT, 1-Wire and their kind. */
export interface Wire {
  /** Watches falling edges. Makes the pin an input with pull-up, so call it before `low()`. */
  watch(onFall: (edge: Edge) => void): void
  unwatch(): void
  /** Pulls the line to 0 V until `release()`. */
  low(): void
  /** Lets the pull-up raise the line. */
  release(): void
}

/** A pulse-width modulated output; `duty` is 0 (always low) to 1 (always high). */
export interface PwmOut {
  write(duty: number): void
}

/** A push-pull output. */
export interface DigitalOut {
  write(isHigh: boolean): void
}

/** An input whose changes are debounced below this interface. */
export interface DigitalIn {
  isHigh(): boolean
  /** Calls `onChange` with the new level each time it has been steady for the debounce time. */
  watch(onChange: (isHigh: boolean) => void): void
}

/** A voltage as a share of the converter's full scale, which is not the supply: see the adapter. */
export interface AnalogIn {
  /** 0 to 1; NaN on a pin without a converter. One conversion, noise included. */
  read(): number
}

/** A chain of LEDs that take their colours one behind the other from one wire: WS2812 and its kind. */
export interface LedStrip {
  /** Sends the bytes as they are, in the order that the LEDs want. Blocks for 10 µs a byte. */
  write(bytes: Uint8ClampedArray): void
}
