import type { OneWire } from "../one-wire"

declare const OneWire: new (pin: number) => OneWire

/** The chip's pull-up is on, but too weak for more than a short wire: add 4.7 kOhm to 3.3 V. */
export const openOneWire = (pin: number): OneWire => new OneWire(pin)
