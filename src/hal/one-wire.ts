/**
 * A 1-Wire bus, shaped so that Espruino's own `OneWire` satisfies it. Every call blocks for its time slots: a reset for 1 ms, a byte
 * for 0.55 ms, a search for 14 ms and a part. The chip does not mask interrupts meanwhile, so Wi-Fi may spoil bits: check the CRC.
 */
export interface OneWire {
  /** Whether a part answered with a presence pulse. */
  reset(): boolean
  /** Resets, and addresses the part of this ROM code: 16 hexadecimal digits, family code first. */
  select(rom: string): void
  /** Addresses all parts at once. Does not reset. */
  skip(): void
  /** Sends bytes; with `power` the line is driven high afterwards, for parts that live on it. */
  write(bytes: number | number[], power?: boolean): void
  read(count: number): Uint8Array
  /** ROM codes of all parts on the line, as `select` takes them. */
  search(): string[]
}
