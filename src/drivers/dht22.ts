/**
 * DHT22 / AM2302, temperature and relative humidity on one wire (Aosong AM2302 product manual, section 7).
 * One open-drain pin with pull-up. -40.0 to 80.0 °C and 0.0 to 100.0 %, steps of 0.1. A frame takes about 5 ms.
 * Worst case of `sample`: three attempts, 2 s apart and 22 ms each; nothing blocks. A missing sensor is E_NO_ANSWER after
 * 6.1 s, a spoilt frame another attempt. 3.3 to 5.5 V; 1.5 mA while it measures, 50 µA between (manual, section 5).
 */
import type { Clock } from "../hal/clock"
import type { Wire } from "../hal/pin"
import { dht, type Dht } from "./dht/sensor"

/** The manual asks for at least 2 s between two readings, the first after power-up included. */
const REST_MS = 2000
/** 1 to 20 ms: the manual's start signal is at least 800 µs; one timer tick is added. */
const START_MS = 2

export const dht22 = (wire: Wire, clock: Clock): Dht => dht(wire, clock, START_MS, REST_MS, valueOf, -40, 80, 0, 100)

/** Signed magnitude in tenths: bit 15 is the sign (manual, section 7.4), which a humidity never has. */
const valueOf = (word: number): number => (word > 32767 ? 32768 - word : word) / 10
