import { DhtSensor } from "./dht-sensor"
import { encodeDht11 } from "./dht11-frame"
import type { PartPlace } from "./part"

/**
 * DHT11 humidity and temperature sensor, read from "DHT11 Humidity & Temperature Sensor" (D-Robotics, Aosong): the wire of a DHT22 with
 * 20 to 90 %RH and 0 to 50 °C in steps of 1 and a start of 18 ms at least. The sheet gives no limits for its edges: those of the
 * AM2302 hold its typical ones (80, 80, 50, 26 to 28 and 70 us). Worst case answer: 5.4 ms. It asks for 1 s between answers.
 */
const FACTS = {
  // The sheet names no longest start; Aosong's later one has 30 ms.
  startUs: [18_000, 30_000],
  conversionUs: 1_000_000,
  // Measuring 0.5 to 2.5 mA, standby 100 to 150 uA.
  measuringMa: 2.5,
  standbyMa: 0.15,
  encode: encodeDht11,
} as const
/** 6 to 30 s for temperature and 6 to 15 s for humidity (tau 63 %). */
const LAG_S = 10

export class Dht11 extends DhtSensor {
  readonly part = "dht11"

  constructor(place: PartPlace) {
    super(place, FACTS)
    this.air.temperature.lagS = this.air.humidity.lagS = LAG_S
  }
}
