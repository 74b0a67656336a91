import { DhtSensor } from "./dht-sensor"
import { encodeDht22 } from "./dht22-frame"
import type { PartPlace } from "./part"

/**
 * DHT22 / AM2302 humidity and temperature sensor, read from "Digital-output relative humidity & temperature
 * sensor/module AM2302" (Aosong): one open-drain wire with a pull-up (here: on the module), 40 bits per answer,
 * -40.0 to 80.0 °C and 0 to 100 %RH in steps of 0.1. Worst case answer: 5.4 ms. No lag, noise or drift unless they are set.
 */
const FACTS = {
  startUs: [800, 20_000],
  conversionUs: 2_000_000,
  // 1 to 1.5 mA and 40 to 50 uA (the same, electrical characteristics).
  measuringMa: 1.5,
  standbyMa: 0.05,
  encode: encodeDht22,
} as const

export class Dht22 extends DhtSensor {
  readonly part = "dht22"

  constructor(place: PartPlace) {
    super(place, FACTS)
  }
}
