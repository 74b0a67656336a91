import type { I2cEvent } from "../events"
import { FREE_BITS, HIGH_BITS, LOW_BITS } from "./i2c-message"

export interface I2cLevels {
  /** Of the house, fractions allowed. */
  atUs: number
  sda: 0 | 1
  scl: 0 | 1
}

/** SDA changes this long after SCL fell: t_HD;DAT 0, t_VD;DAT at most 3.45 us at 100 kHz, 0.9 us at 400 kHz (UM10204). */
export const HOLD_BITS = 0.1

/**
 * The level changes of one message: both lines high before the first of them and after the last. Nothing for a message that
 * could not be sent because a line was low. After a repeated START (`isStopped` false) the lines rest high until the next event.
 */
export function i2cWave(event: I2cEvent & { atUs: number }): I2cLevels[] {
  if (event.fault && !event.stretchUs) return []
  const wave = new Wave(event.atUs, 1e6 / event.hz)
  wave.start()
  wave.byte((event.address << 1) | (event.isRead ? 1 : 0), event.isAcked, event.stretchUs?.[0])
  event.bytes.forEach((byte, i) => wave.byte(byte, event.acks[i], event.stretchUs?.[i + 1]))
  if (event.isStopped) wave.stop()
  else wave.release()
  return wave.levels
}

class Wave {
  readonly levels: I2cLevels[] = []
  private sda: 0 | 1 = 1
  private scl: 0 | 1 = 1

  constructor(
    private nowUs: number,
    private readonly bitUs: number,
  ) {}

  /** SDA falls while SCL is high; SCL follows after t_HD;STA, 4.0 us at least. */
  start(): void {
    this.put("sda", 0)
    this.wait(HIGH_BITS)
    this.put("scl", 0)
  }

  byte(value: number, isAcked: boolean, stretchUs = 0): void {
    for (let shift = 7; shift >= 0; shift--) this.bit(((value >> shift) & 1) as 0 | 1)
    this.bit(isAcked ? 0 : 1, stretchUs)
  }

  /** SDA rises while SCL is high, t_SU;STO after SCL's rise: 4.0 us at least. */
  stop(): void {
    this.raiseClock(0)
    this.wait(HIGH_BITS)
    this.put("sda", 1)
  }

  /** Ready for a repeated START. */
  release(): void {
    this.raiseClock(1)
    this.wait(FREE_BITS)
  }

  private bit(level: 0 | 1, stretchUs = 0): void {
    this.raiseClock(level, stretchUs)
    this.wait(HIGH_BITS)
    this.put("scl", 0)
  }

  private raiseClock(level: 0 | 1, stretchUs = 0): void {
    this.wait(HOLD_BITS)
    this.put("sda", level)
    this.wait(LOW_BITS - HOLD_BITS)
    this.nowUs += stretchUs
    this.put("scl", 1)
  }

  private wait(bits: number): void {
    this.nowUs += bits * this.bitUs
  }

  private put(line: "sda" | "scl", level: 0 | 1): void {
    if (this[line] === level) return
    this[line] = level
    this.levels.push({ atUs: this.nowUs, sda: this.sda, scl: this.scl })
  }
}
