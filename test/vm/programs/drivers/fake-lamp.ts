import type { DigitalOut, LedStrip, PwmOut } from "../../../../src/hal/pin"

/** Outputs that do nothing: what a lamp's driver takes is measured, and not the firmware under it. */
export const fakePwm = (): PwmOut => ({ write() {} })
export const fakeOutput = (): DigitalOut => ({ write() {} })
export const fakeStrip = (): LedStrip => ({ write() {} })

/** So many LEDs hang on the strips that are measured. */
export const LEDS = 60
/** A transition that is over at the first step. */
export const ONE_STEP_MS = 40
