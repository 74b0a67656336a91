import type { LedStrip } from "../../src/hal/pin"

/** The data pin of a strip: keeps a copy of each frame and refuses what the firmware would. */
export class FakeStrip implements LedStrip {
  readonly frames: number[][] = []

  get frame(): number[] {
    const last = this.frames[this.frames.length - 1]
    if (!last) throw new Error("no frame was sent")
    return last
  }

  write(bytes: Uint8ClampedArray): void {
    // "neopixel" of Espruino 2v29 throws at both.
    if (!bytes.length || bytes.length % 3) throw new Error(`${bytes.length} bytes are no multiple of three`)
    this.frames.push([...bytes])
  }
}

/** What a frame draws by the datasheets: 1 mA an LED, 20 mA a channel at 255. */
export const currentMa = (frame: number[], leds: number): number =>
  leds + frame.reduce((sum, byte) => sum + (20 * byte) / 255, 0)
