import { transfer } from "../../../sim/buses/i2c-message"
import type { I2cResult } from "../../../sim/buses/i2c-message"
import type { AirSense } from "../../../sim/parts/air"
import type { Part, PartPlace } from "../../../sim/parts/part"
import { bench } from "./bench"

/** A part on a table with an I2C master that speaks and reads hexadecimal. */
export function i2cBench<P extends Part>(make: (place: PartPlace) => P, options = {}, seed = 1) {
  const table = bench(seed, undefined, options)
  const part = make(table.place)
  const { clock } = table
  const { i2c } = table.place.buses
  const send = (address: number, data: number[] | number, isStopped = true): I2cResult =>
    transfer(
      i2c.targetsOn(table.net("sda"), table.net("scl")),
      { address, hz: 100_000, data, isStopped, maxStretchUs: 25_000, checksAck: true },
      clock.nowUs,
    )
  return {
    ...table,
    part,
    send,
    /** Sends "24 00"; the instant at which the last byte was complete, or undefined when it was refused. */
    write(address: number, hex: string): number | undefined {
      const bytes = bytesOf(hex)
      const result = send(address, bytes)
      // START, nine bits a byte, the last of them the acknowledge (sim/buses/i2c-message.ts).
      const completeUs = Math.round(clock.nowUs + 4.6 + (bytes.length + 1) * 90 - 10)
      return result.isAcked && !result.acks.includes(false) ? completeUs : undefined
    },
    /** "BE EF 92", or "nack". */
    read(address: number, count: number): string {
      const { isAcked, bytes } = send(address, count)
      return isAcked ? hexOf(bytes) : "nack"
    },
    /** The address byte of a read is complete at `atUs`. */
    readAt(address: number, count: number, atUs: number): string {
      clock.runUntil(atUs - 85)
      return this.read(address, count)
    },
  }
}

export const bytesOf = (hex: string): number[] => hex.split(" ").map((byte) => parseInt(byte, 16))
export const hexOf = (bytes: number[]): string =>
  bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ")

/** No lag, no noise, no self-heating: what is set is what is read. */
export function makeIdeal(air: AirSense): void {
  for (const sensed of [air.temperature, air.humidity, air.pressure]) Object.assign(sensed, { lagS: 0, noise: 0 })
  air.heating.tauS = Infinity
}
