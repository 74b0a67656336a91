import type { Clock } from "../clock/clock"
import type { Device } from "../device"
import type { FaultSite } from "./kind"

/** Least operating voltage of the ESP32 (ESP32 Series Datasheet, recommended operating conditions: VDD3P3 2.3 or 3.0 to 3.6 V). */
const ENOUGH_V = 3.0
/** Level 0 of the brown-out detector, which Espruino's ESP32 build sets (CONFIG_BROWNOUT_DET_LVL_SEL_0; 2.43 V in ESP-IDF's Kconfig). */
const DETECTOR_V = 2.43
/** How long the supply dips, an estimate: until the detector has reset the board and the radio is off. */
const DIP_US = 50_000

export function brownOut(device: Device, clock: Clock, forUs: number): void {
  device.powerOff()
  clock.after(forUs, () => device.powerOn())
}

/**
 * A tired battery. When the radio starts it draws ten times as much, and the supply dips: the nearer it is to the detector's
 * level, the likelier it trips (an estimate; batteries differ in what they give at once).
 */
export function lowSupply(device: Device, volts: number, { clock, random, listen }: FaultSite): () => void {
  if (volts < DETECTOR_V) {
    device.powerOff()
    return () => device.powerOn()
  }
  const share = Math.max(0, (ENOUGH_V - volts) / (ENOUGH_V - DETECTOR_V))
  return listen((event) => {
    const isRadioStart = event.kind === "wifi" && event.device === device.name && event.state === "connecting"
    // Not inside the program's call that starts the radio: the board is still running it.
    if (isRadioStart && random.next() < share) clock.after(0, () => brownOut(device, clock, DIP_US))
  })
}
