import type { PwmOut } from "../pin"
import type { AnalogWrite } from "./globals"

declare const analogWrite: AnalogWrite

/** LEDC at its default 5 kHz, 10 bits; the chip has five such pins at most. */
export const openPwm = (pin: number): PwmOut => ({ write: (duty) => analogWrite(pin, duty) })
