import type { I2c } from "../i2c"

interface EspruinoI2c {
  setup(options: { sda: number; scl: number; bitrate: number }): void
  /** Throws when a byte is not acknowledged, and when a line hangs, after up to a second (Espruino 2v29 on ESP32). */
  writeTo(address: number, bytes: number | number[]): void
  readFrom(address: number, count: number): Uint8Array
}

declare const I2C1: EspruinoI2c

/** Standard mode, which every part and a breadboard's wires bear. */
const BIT_HZ = 100_000

/** `pins` are SDA and SCL. The chip's own pull-ups are 45 kOhm: modules bring better ones, bare parts need 4.7 kOhm to 3.3 V. */
export function openI2c([sda, scl]: number[]): I2c {
  I2C1.setup({ sda: sda!, scl: scl!, bitrate: BIT_HZ })
  return {
    write(address, bytes) {
      try {
        I2C1.writeTo(address, bytes)
        return true
      } catch {
        return false
      }
    },
    read(address, count) {
      try {
        return I2C1.readFrom(address, count)
      } catch {}
    },
  }
}
