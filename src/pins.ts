import type { Kind } from "./device/declaration"
import type { PinUse } from "./device/settings-schema"
import type { I2c } from "./hal/i2c"
import type { OneWire } from "./hal/one-wire"
import type { AnalogIn, DigitalIn, DigitalOut, LedStrip, PwmOut, Wire } from "./hal/pin"
import type { Serial } from "./hal/serial"
import { openAnalog } from "./hal/espruino/analog"
import { openI2c } from "./hal/espruino/i2c"
import { openInput } from "./hal/espruino/input"
import { openOneWire } from "./hal/espruino/one-wire"
import { openOutput } from "./hal/espruino/output"
import { openPwm } from "./hal/espruino/pwm"
import {
  openRecordedAnalog,
  openRecordedI2c,
  openRecordedInput,
  openRecordedOneWire,
  openRecordedOutput,
  openRecordedPwm,
  openRecordedSerial,
  openRecordedStrip,
  openRecordedWire,
} from "./hal/espruino/record/board"
import { openSerial } from "./hal/espruino/serial"
import { openStrip } from "./hal/espruino/strip"
import { openWire } from "./hal/espruino/wire"

declare const __SCHEMA__: boolean
/** True in a bundle that records: `motewire build --record`. */
declare const __RECORD__: boolean

const pinKind = <T>(use: PinUse, open: (pin: number) => T): Kind<T> =>
  (__SCHEMA__ ? { kind: "pin", use } : open) as Kind<T>

/** Several pins that are one setting: the record holds their numbers in the order of `roles`. */
const pinsKind = <T>(roles: Record<string, PinUse>, open: (pins: number[]) => T): Kind<T> =>
  (__SCHEMA__ ? { kind: "pins", roles } : open) as Kind<T>

/** A pin that both ends pull low: the DHT sensors. Not an input-only pin. */
export const wire = (): Kind<Wire> => pinKind("wire", __RECORD__ ? openRecordedWire : openWire)

/** A pulse-width modulated output: a dimmed lamp, one colour of an RGB LED. */
export const pwm = (): Kind<PwmOut> => pinKind("pwm", __RECORD__ ? openRecordedPwm : openPwm)

/** An input with pull-up, debounced: a button or switch to ground. */
export const input = (): Kind<DigitalIn> => pinKind("input", __RECORD__ ? openRecordedInput : openInput)

/** An on/off output: a relay, an LED. */
export const output = (): Kind<DigitalOut> => pinKind("output", __RECORD__ ? openRecordedOutput : openOutput)

/** A voltage: a thermistor, a potentiometer. A pin of the first converter (ADC1). */
export const analog = (): Kind<AnalogIn> => pinKind("analog", __RECORD__ ? openRecordedAnalog : openAnalog)

/** The data pin of a chain of WS2812 or SK6812 LEDs. */
export const strip = (): Kind<LedStrip> => pinKind("strip", __RECORD__ ? openRecordedStrip : openStrip)

/** A 1-Wire bus: DS18B20. */
export const oneWire = (): Kind<OneWire> => pinKind("one-wire", __RECORD__ ? openRecordedOneWire : openOneWire)

/** An I2C bus at 100 kHz, in flash.config.json `{ "sda": "GPIO21", "scl": "GPIO22" }`. One per program: parts share it. */
export const i2c = (): Kind<I2c> => pinsKind({ sda: "i2c", scl: "i2c" }, __RECORD__ ? openRecordedI2c : openI2c)

/** A UART, in flash.config.json `{ "tx": "GPIO17", "rx": "GPIO16" }`. One per program. */
export const serial = (baud = 9600): Kind<Serial> =>
  pinsKind({ tx: "output", rx: "input" }, (pins) =>
    __RECORD__ ? openRecordedSerial(pins, baud) : openSerial(pins, baud),
  )
