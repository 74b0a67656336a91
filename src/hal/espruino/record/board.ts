import type { I2c } from "../../i2c"
import type { OneWire } from "../../one-wire"
import type { AnalogIn, DigitalIn, DigitalOut, LedStrip, PwmOut, Wire } from "../../pin"
import type { Serial } from "../../serial"
import type { Network } from "../../socket"
import { openAnalog } from "../analog"
import type { EspruinoE, GetTime, SetTimeout } from "../globals"
import { openI2c } from "../i2c"
import { openInput } from "../input"
import { openOneWire } from "../one-wire"
import { openOutput } from "../output"
import { openPwm } from "../pwm"
import { openSerial } from "../serial"
import { openStrip } from "../strip"
import { openWire } from "../wire"
import { recordI2c, recordOneWire, recordSerial } from "./buses"
import { recordNetwork } from "./network"
import { recordAnalog, recordInput, recordOutput, recordPwm, recordStrip, recordWire } from "./pins"
import { createRecorder, type Recorder } from "./recorder"

declare const getTime: GetTime
declare const setTimeout: SetTimeout
declare const E: EspruinoE
declare const console: { log(text: string): void }
/** False where there is no chip: then nothing of this folder is left in a bundle. */
declare const __RECORD__: boolean

/** One console, one recorder. */
export const recorder: Recorder = __RECORD__
  ? createRecorder({
      nowMs: () => getTime() * 1000,
      arm: setTimeout,
      crc32: E.CRC32,
      log: console.log,
      onFault: (run) => E.on("errorFlag", run),
    })
  : (undefined as never)

export const recordedNetwork = (network: Network): Network => recordNetwork(network, recorder)

export const openRecordedWire = (pin: number): Wire => recordWire(openWire(pin), pin, recorder)
export const openRecordedPwm = (pin: number): PwmOut => recordPwm(openPwm(pin), pin, recorder)
export const openRecordedInput = (pin: number): DigitalIn => recordInput(openInput(pin), pin, recorder)
export const openRecordedOutput = (pin: number): DigitalOut => recordOutput(openOutput(pin), pin, recorder)
export const openRecordedAnalog = (pin: number): AnalogIn => recordAnalog(openAnalog(pin), pin, recorder)
export const openRecordedStrip = (pin: number): LedStrip => recordStrip(openStrip(pin), pin, recorder)
export const openRecordedOneWire = (pin: number): OneWire => recordOneWire(openOneWire(pin), pin, recorder)
export const openRecordedI2c = (pins: number[]): I2c => recordI2c(openI2c(pins), pins, recorder)
export const openRecordedSerial = (pins: number[], baud: number): Serial =>
  recordSerial(openSerial(pins, baud), pins, baud, recorder)
