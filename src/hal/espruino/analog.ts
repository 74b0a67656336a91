import type { AnalogIn } from "../pin"

declare const analogRead: (pin: number) => number

/** 12 bits at 11 dB: full scale is about 3.1 V, bent near both ends (ESP32 datasheet, ADC characteristics). */
export const openAnalog = (pin: number): AnalogIn => ({ read: () => analogRead(pin) })
