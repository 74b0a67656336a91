import { Button } from "./button"
import { Dht22 } from "./dht22"
import { WiringError } from "./part"
import type { Part, PartPlace } from "./part"
import { Relay } from "./relay"
import { RgbLed } from "./rgb-led"

/** Every part that a wiring may name. A new part is one file and one line here. */
export const CATALOGUE: Record<string, new (place: PartPlace) => Part> = {
  button: Button,
  dht22: Dht22,
  relay: Relay,
  "rgb-led": RgbLed,
}

export function makePart(type: string, place: PartPlace): Part {
  if (!Object.hasOwn(CATALOGUE, type))
    throw new WiringError(`there is no part "${type}"; there are ${Object.keys(CATALOGUE).join(", ")}`)
  return new CATALOGUE[type](place)
}
