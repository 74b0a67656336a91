import { Sht3x } from "./sht3x"
import { Sht4x } from "./sht4x"
import { Bme280 } from "./bme280"
import { Aht20 } from "./aht20"
import { Bh1750 } from "./bh1750"
import { Button } from "./button"
import { Dht11 } from "./dht11"
import { Dht22 } from "./dht22"
import { DimmedLed } from "./dimmed-led"
import { Ds18b20 } from "./ds18b20"
import { LedStrip } from "./led-strip"
import { Ntc } from "./ntc"
import { WiringError } from "./part"
import type { Part, PartClass, PartPlace } from "./part"
import { Pir } from "./pir"
import { Potentiometer } from "./potentiometer"
import { Relay } from "./relay"
import { RgbLed } from "./rgb-led"
import { RgbwLed } from "./rgbw-led"
import { SerialPeer } from "./serial-peer"
import { WhiteLed } from "./white-led"

/** Every part that a wiring may name. A new part is one file and one line here. */
export const CATALOGUE = {
  button: Button,
  dht22: Dht22,
  relay: Relay,
  "rgb-led": RgbLed,
  sht3x: Sht3x,
  sht4x: Sht4x,
  bme280: Bme280,
  aht20: Aht20,
  bh1750: Bh1750,
  dht11: Dht11,
  ds18b20: Ds18b20,
  ntc: Ntc,
  potentiometer: Potentiometer,
  pir: Pir,
  "dimmed-led": DimmedLed,
  "rgbw-led": RgbwLed,
  "white-led": WhiteLed,
  "led-strip": LedStrip,
  "serial-peer": SerialPeer,
} satisfies Record<string, PartClass<Part>>

export type PartType = keyof typeof CATALOGUE
export type PartOf<T extends PartType> = InstanceType<(typeof CATALOGUE)[T]>

export function makePart(type: string, place: PartPlace): Part {
  const made = classOf(type)
  if (!made) throw new WiringError(`there is no part "${type}"; there are ${Object.keys(CATALOGUE).join(", ")}`)
  return new made(place)
}

/** Undefined for a name that is no type of part. */
export function classOf(type: string): PartClass<Part> | undefined {
  return Object.hasOwn(CATALOGUE, type) ? CATALOGUE[type as PartType] : undefined
}
