import { crc8 } from "./sensirion"

/**
 * Alert mode of the SHT3x, read from the application note "Alert mode, SHT3x-DIS" (Sensirion): each limit is one word with the seven
 * highest bits of a humidity over the nine highest of a temperature. Looked at with each periodic measurement that is asked about.
 */
const READ = new Map<number, Limit>([
  [0xe11f, "highSet"],
  [0xe114, "highClear"],
  [0xe109, "lowClear"],
  [0xe102, "lowSet"],
])
const WRITE = new Map<number, Limit>([
  [0x611d, "highSet"],
  [0x6116, "highClear"],
  [0x610b, "lowClear"],
  [0x6100, "lowSet"],
])
/** After a reset: 80 %RH and 60 °C, 79 and 58, 22 and -9, 20 and -10. */
const DEFAULTS: Record<Limit, number> = { highSet: 0xcd33, highClear: 0xcb2d, lowClear: 0x3869, lowSet: 0x3266 }
type Limit = "highSet" | "highClear" | "lowClear" | "lowSet"

/** Bits of the status register (SHT3x-DIS §4.11, table 18). */
export const STATUS_ALERT = 0x8000
const HUMIDITY_ALERT = 0x0800
const TEMPERATURE_ALERT = 0x0400
const STATUS_BAD_CHECKSUM = 0x0001

const SPLIT = [
  { bit: HUMIDITY_ALERT, of: (limit: number) => limit >> 9, shift: 9 },
  { bit: TEMPERATURE_ALERT, of: (limit: number) => limit & 0x1ff, shift: 7 },
]

export class Sht3xAlert {
  private limits = { ...DEFAULTS }

  reset(): void {
    this.limits = { ...DEFAULTS }
  }

  /** Undefined for a command that reads no limit. */
  read(command: number): number | undefined {
    const limit = READ.get(command)
    return limit && this.limits[limit]
  }

  isWrite(command: number): boolean {
    return WRITE.has(command)
  }

  /** Two bytes and their CRC; the status as it is then. */
  write(command: number, [high, low, crc]: number[], status: number): number {
    if (crc8([high, low]) !== crc) return status | STATUS_BAD_CHECKSUM
    this.limits[WRITE.get(command)!] = (high << 8) | low
    return status & ~STATUS_BAD_CHECKSUM
  }

  /** The status after a measurement of these words: an alert comes at a "set" limit and goes inside both "clear" ones. */
  judge(words: { temperature: number; humidity: number }, status: number): number {
    const { highSet, highClear, lowClear, lowSet } = this.limits
    for (const { bit, of, shift } of SPLIT) {
      const value = (bit === HUMIDITY_ALERT ? words.humidity : words.temperature) >> shift
      if (value > of(highSet) || value < of(lowSet)) status |= bit | STATUS_ALERT
      else if (value < of(highClear) && value > of(lowClear)) status &= ~bit
    }
    return status
  }
}
