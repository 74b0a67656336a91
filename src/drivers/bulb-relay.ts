/**
 * Lamp behind a relay or a solid-state switch: on and off, nothing between. One output pin. It is `isOn` from the first moment,
 * so that a lamp that is to come back lit does not click twice; until then the chip's own pull-up may hold the pin high (ESP32 pulls
 * GPIO 0, 12 to 15, 18, 19, 21, 22 and 25 to 27 up while it boots). Nothing blocks; a relay needs some 10 ms to follow.
 */
import type { DigitalOut } from "../hal/pin"

export interface RelayBulb {
  set(isOn: boolean): void
}

/** `isActiveLow` for the common modules with an optocoupler, which switch on when the pin is low. */
export function bulbRelay(pin: DigitalOut, isOn: boolean, isActiveLow?: boolean): RelayBulb {
  const set = (isWanted: boolean) => pin.write(isWanted ? !isActiveLow : !!isActiveLow)
  set(isOn)
  return { set }
}
