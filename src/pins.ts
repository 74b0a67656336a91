import type { Kind } from "./device/declaration"
import type { PinUse } from "./device/settings-schema"
import type { DigitalIn, DigitalOut, PwmOut, Wire } from "./hal/pin"
import { openInput } from "./hal/espruino/input"
import { openOutput } from "./hal/espruino/output"
import { openPwm } from "./hal/espruino/pwm"
import { openWire } from "./hal/espruino/wire"

declare const __SCHEMA__: boolean

const pinKind = <T>(use: PinUse, open: (pin: number) => T): Kind<T> =>
  (__SCHEMA__ ? { kind: "pin", use } : open) as Kind<T>

/** A pin that both ends pull low: DHT22, 1-Wire. Not an input-only pin. */
export const wire = (): Kind<Wire> => pinKind("wire", openWire)

/** A pulse-width modulated output: a dimmed lamp, one colour of an RGB LED. */
export const pwm = (): Kind<PwmOut> => pinKind("pwm", openPwm)

/** An input with pull-up, debounced: a button or switch to ground. */
export const input = (): Kind<DigitalIn> => pinKind("input", openInput)

/** An on/off output: a relay, an LED. */
export const output = (): Kind<DigitalOut> => pinKind("output", openOutput)
