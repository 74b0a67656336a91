/**
 * An I2C bus with one master, us. Addresses have 7 bits. A part that does not acknowledge, a line held low and a part that
 * stretches the clock for longer than the chip waits look the same from here: the call failed.
 */
export interface I2c {
  /** Sends bytes of 0 to 255 in one message and a STOP. False when address or a byte was not acknowledged. */
  write(address: number, bytes: number | number[]): boolean
  /** Reads `count` bytes in one message. Undefined when the address was not acknowledged. */
  read(address: number, count: number): Uint8Array | undefined
}
