import type { DigitalOut } from "../pin"
import type { DigitalWrite } from "./globals"

declare const digitalWrite: DigitalWrite

/** `digitalWrite` makes the pin an output by itself. */
export const openOutput = (pin: number): DigitalOut => ({ write: (isHigh) => digitalWrite(pin, isHigh) })
