import { oneWireCrc } from "./one-wire-rom"

/** Power-on value of the temperature register: 85 °C (DS18B20 datasheet, table 1). */
const POWER_ON_RAW = 0x0550
const MIN_C = -55
const MAX_C = 125
/** What the factory puts into TH and TL, as the datasheet of 1999 prints it with 12 bits: 75 and 70 °C. */
const FACTORY_EEPROM = [0x4b, 0x46, 0x7f]

/** Scratchpad and EEPROM of a DS18B20 (datasheet, "Memory"): temperature, TH, TL, configuration, three reserved bytes, CRC. */
export class Ds18b20Memory {
  private raw = POWER_ON_RAW
  private user = [...FACTORY_EEPROM]
  private readonly eeprom = [...FACTORY_EEPROM]

  /** Bits of the next conversion, 9 to 12. */
  get resolution(): number {
    return 9 + ((this.user[2] >> 5) & 3)
  }

  /** The last conversion touched TH or TL: whole degrees are compared (datasheet, "Operation: Alarm Signaling"). */
  isAlarmed = false

  /** Nine bytes, the last of them the CRC of the others. */
  scratchpad(): number[] {
    const bytes = [this.raw & 255, (this.raw >> 8) & 255, ...this.user, 0xff, 0x0c, 0x10]
    return [...bytes, oneWireCrc(bytes)]
  }

  powerOn(): void {
    this.raw = POWER_ON_RAW
    this.isAlarmed = false
    this.recall()
  }

  /** 0x4E. Of the configuration only R1 and R0 can be written; the others stay 0 and 1s. */
  write(index: number, byte: number): void {
    this.user[index] = index === 2 ? (byte & 0x60) | 0x1f : byte
  }

  /** 0x48. */
  copy(): void {
    this.eeprom.splice(0, 3, ...this.user)
  }

  /** 0xB8. */
  recall(): void {
    this.user = [...this.eeprom]
  }

  /** A conversion has ended. Bits below the resolution are undefined in the datasheet; here they are 0. */
  keep(temperatureC: number, resolution: number): void {
    const steps = Math.round(Math.min(MAX_C, Math.max(MIN_C, temperatureC)) * 2 ** (resolution - 8))
    this.raw = steps << (12 - resolution)
    const wholeC = this.raw >> 4
    this.isAlarmed = wholeC >= signed(this.user[0]) || wholeC <= signed(this.user[1])
  }
}

const signed = (byte: number): number => (byte << 24) >> 24
