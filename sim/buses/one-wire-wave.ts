import type { OneWireEvent } from "../events"
import { ONE_LOW_US, READ_LOW_US, RESET_LOW_US, SLOT_US, ZERO_LOW_US } from "./one-wire-line"

export interface Level {
  /** Of the house, fractions allowed. */
  atUs: number
  level: 0 | 1
}

/** A part waits 15 to 60 us after a reset pulse and then pulls low for 60 to 240 us (DS18B20 datasheet, t_PDHIGH and t_PDLOW). */
export const PRESENCE_WAIT_US = 30
export const PRESENCE_US = 120
/** A 0 holds the line until 15 us after its fall at least (t_RDV), and lets go before the slot's 60 us are over. */
export const ZERO_READ_LOW_US = 30

const LOW_US: Record<string, number> = {
  "0": ZERO_LOW_US,
  "1": ONE_LOW_US,
  l: ZERO_READ_LOW_US,
  h: READ_LOW_US,
}

/** The level changes of a run of slots: the line is high before the first and after the last of them. */
export function oneWireWave(event: OneWireEvent & { atUs: number }): Level[] {
  const wave: Level[] = []
  const pulse = (atUs: number, lengthUs: number) => wave.push({ atUs, level: 0 }, { atUs: atUs + lengthUs, level: 1 })
  let { atUs } = event
  for (const slot of event.slots) {
    pulse(atUs, LOW_US[slot] ?? RESET_LOW_US)
    if (slot === "R") pulse(atUs + RESET_LOW_US + PRESENCE_WAIT_US, PRESENCE_US)
    atUs += SLOT_US[slot]
  }
  return wave
}
