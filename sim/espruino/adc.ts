import { adcNoise, rawOf } from "../buses/adc"
import type { Attenuation } from "../buses/adc"
import type { Interpreter } from "./interpreter"

const RESOLUTION = 4096
/** ESP32.setAtten's second argument (targets/esp32/jshardwareAnalog.c, Espruino 2v29); anything else is 11 dB. */
const ATTENUATIONS: Record<number, Attenuation> = { 1000: "0dB", 1340: "2.5dB", 2000: "6dB", 3600: "11dB" }
/** Nothing drives the pin: it picks up whatever is near. Estimate of what such a pin shows. */
const FLOATING_VOLTS = [0, 0.6]

/** `analogRead` and `ESP32.setAtten`: one conversion by 12 bits, raw, as the firmware hands it on. */
export function installAnalog(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  const { gpio, board } = machine
  const units = board.firmware?.adcUnits ?? [1]
  const attenuations = new Map<number, Attenuation>()
  const find = (number: unknown) => {
    const pin = typeof number === "object" ? undefined : gpio.find(Number(number))
    if (!pin) throw interpreter.error("Error", "Invalid pin")
    return pin
  }

  const analogRead = (number: unknown): number => {
    const pin = find(number)
    const { adc } = board.pins[pin.name]
    if (!adc || !units.includes(adc.unit)) return NaN
    // adc1_config_channel_atten in IDF makes an analog pin of it: output and pulls go.
    if (pin.hardware !== "analog") gpio.makeAnalog(pin)
    const { random } = machine
    const volts = pin.net.sample(interpreter.localUs) ?? random.between(FLOATING_VOLTS[0], FLOATING_VOLTS[1])
    const raw = rawOf(volts, attenuations.get(pin.number) ?? "11dB", board.chip)
    const noisy = Math.min(RESOLUTION - 1, Math.max(0, Math.round(raw + adcNoise(random))))
    const value = machine.played?.converted(pin.name) ?? noisy / RESOLUTION
    interpreter.effect(() => machine.tell({ kind: "adc", pin: pin.name, value }))
    return value
  }

  realm.define("analogRead", interpreter.native("analogRead", analogRead))
  const setAtten = (number: unknown, range: unknown) =>
    void attenuations.set(find(number).number, ATTENUATIONS[Number(range)] ?? "11dB")
  const esp32 = (realm.global("ESP32") ?? realm.object({})) as Record<string, unknown>
  esp32.setAtten = interpreter.native("setAtten", setAtten)
  realm.define("ESP32", esp32)
}
