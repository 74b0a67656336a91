/**
 * DHT11, temperature and relative humidity on one wire (Aosong DHT11 product manual, section 7; the timing of its bits is that of
 * DHT22). One open-drain pin with pull-up, 5 kOhm up to 20 m. The first editions measure 0 to 50 °C and 20 to 90 % in steps of
 * 1, later ones -20.0 to 60.0 °C and 5 to 95 % in steps of 0.1: what the widest cannot have is E_RANGE. ±2 °C, ±5 %.
 * Worst case of `sample`: three attempts, 1 s apart and 40 ms each; nothing blocks. A missing sensor is E_NO_ANSWER after
 * 3.2 s, a spoilt frame another attempt. 3 to 5.5 V; 0.5 to 2.5 mA while it measures, 0.1 to 0.15 mA between (manual, section 6).
 */
import type { Clock } from "../hal/clock"
import type { Wire } from "../hal/pin"
import { dht, type Dht } from "./dht/sensor"

/** No instruction in the first second, and a reading a second at most (manual, sections 4 and 6). */
const REST_MS = 1000
/** At least 18 ms, at most 30 (manual, section 7): a timer tick is added, and a busy chip may be late by eight. */
const START_MS = 20

export const dht11 = (wire: Wire, clock: Clock): Dht => dht(wire, clock, START_MS, REST_MS, valueOf, -20, 60, 5, 95)

/** A byte of units and one of tenths, whose bit 7 is the sign of a temperature in later editions; `+ 0` makes 0 of -0. */
export const valueOf = (word: number): number => ((word >> 8) * 10 + (word & 127)) / (word & 128 ? -10 : 10) + 0
