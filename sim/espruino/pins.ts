import type { Pin, PinMode } from "./gpio"
import type { Interpreter } from "./interpreter"

const MODES = new Set<string>([
  "analog",
  "input",
  "input_pullup",
  "input_pulldown",
  "output",
  "opendrain",
  "opendrain_pullup",
])
const PWM_HZ = 5_000
/** LEDC: pins at the common 5 kHz, and pins with a timer of their own; none is ever given back (Espruino 2v29). */
const ESP32_PWM = { common: 5, own: 3 }
/** The least step of the chip's scheduler (Espruino 2v29). */
const MIN_PULSE_US = 30

/** Pins D0 to D39 are numbers on the chip too; they print as "4" here and as "D4" there. */
export function installPins(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  const { gpio } = machine
  const pwm = new PwmChannels(interpreter)
  const global = (name: string, body: (...args: never[]) => unknown) =>
    realm.define(name, interpreter.native(name, body as never))
  for (const { number } of Object.values(machine.board.pins)) realm.define(`D${number}`, number)
  realm.define("LED1", 2)
  realm.define("BTN1", 0)

  const one = (number: unknown): Pin => {
    const pin = gpio.find(Number(number))
    if (!pin || typeof number === "object") throw interpreter.error("Error", "Invalid pin")
    // What a pin wired to the flash chip really does: the board restarts.
    if (pin.isFlash)
      interpreter.effect(() => machine.tell({ kind: "fault", reason: `${pin.name} belongs to the flash chip` }))
    return pin
  }
  const write = (pin: Pin, isHigh: boolean) => interpreter.effect(() => gpio.write(pin, isHigh))
  const pulses = new Pulses(interpreter, write)

  global("pinMode", (number: number, mode: unknown, isAutomatic?: boolean) => {
    const pin = one(number)
    const isAuto = mode === undefined || mode === "auto"
    if (!isAuto && !MODES.has(String(mode))) throw interpreter.error("Error", "Unknown pin mode")
    interpreter.effect(() => {
      pin.isManual = !isAuto && !isAutomatic
      if (!isAuto) gpio.setMode(pin, mode as PinMode)
    })
  })
  global("getPinMode", (number: number) => one(number).mode)
  global("digitalRead", (number: number | number[]) => {
    if (!Array.isArray(number)) return gpio.read(one(number))
    return number.reduce((bits, each) => bits * 2 + gpio.read(one(each)), 0)
  })
  global("digitalWrite", (number: number | number[], value: unknown) => {
    // An array takes the lowest bit for its last pin; true means all of them.
    const bits = value === true ? -1 : Number(value) | 0
    if (!Array.isArray(number)) return write(one(number), bits !== 0)
    number.forEach((each, i) => write(one(each), ((bits >> (number.length - 1 - i)) & 1) === 1))
  })
  global("digitalPulse", (number: number, value: unknown, ms: number | number[]) =>
    pulses.add(one(number), Boolean(value), ms),
  )
  global("analogWrite", (number: number, duty: number, options?: { freq?: number; soft?: boolean }) =>
    pwm.write(one(number), duty, options),
  )
  global("Pin", (number: unknown) => one(typeof number === "string" ? number.replace(/^D/, "") : number).number)
}

/** digitalPulse: returns at once; a pulse on a pin that is still pulsing waits its turn, as in the chip's timer queue. */
class Pulses {
  private readonly endUs = new Map<Pin, number>()

  constructor(
    private readonly interpreter: Interpreter,
    private readonly write: (pin: Pin, isHigh: boolean) => void,
  ) {}

  add(pin: Pin, value: boolean, ms: number | number[]): void {
    const lengths = Array.isArray(ms) ? ms : [ms]
    let atUs = Math.max(this.interpreter.localUs, this.endUs.get(pin) ?? 0)
    if (lengths[0] === 0) return this.interpreter.block(atUs - this.interpreter.localUs)
    lengths.forEach((length, i) => {
      this.plan(pin, i % 2 === 0 ? value : !value, atUs)
      atUs += Math.max(MIN_PULSE_US, Math.round(Number(length) * 1000))
    })
    this.plan(pin, lengths.length % 2 === 0 ? value : !value, atUs)
    this.endUs.set(pin, atUs)
  }

  private plan(pin: Pin, isHigh: boolean, atUs: number): void {
    this.interpreter.machine.clock.at(atUs, () => this.interpreter.isAlive && this.write(pin, isHigh))
  }
}

/** What analogWrite has taken of the LEDC since boot. */
class PwmChannels {
  private readonly common = new Set<number>()
  private readonly own = new Set<number>()

  constructor(private readonly interpreter: Interpreter) {}

  write(pin: Pin, duty: number, options: { freq?: number; soft?: boolean } = {}): void {
    const frequencyHz = options.soft ? options.freq || 50 : options.freq || PWM_HZ
    const isOk = options.soft || this.take(pin, frequencyHz === PWM_HZ ? this.common : this.own)
    if (isOk) return this.interpreter.effect(() => this.interpreter.machine.gpio.writePwm(pin, duty, frequencyHz))
    this.interpreter.log("error", `pwm: no channel left for ${pin.name}`)
  }

  private take(pin: Pin, channels: Set<number>): boolean {
    const pwm = this.interpreter.machine.board.firmware?.pwm ?? ESP32_PWM
    const limit = channels === this.common ? pwm.common : pwm.own
    if (!channels.has(pin.number) && channels.size >= limit) return false
    channels.add(pin.number)
    return true
  }
}
