import { pace } from "../../sim/clock/pace"
import { plugIn } from "../../sim/console/line"
import type { DeviceSpec } from "../../sim/device"
import { House } from "../../sim/house"
import type { Limits } from "../../sim/espruino/machine"
import type { SerialLine } from "../serial/port"

interface SimulatedBoardOptions {
  /** Storage at power-on: byte strings by name. A board fresh from the factory has none. */
  files?: Record<string, string>
  /** House seconds per second of the host. 20: a flash of 20 kB takes a third of a second. */
  speed?: number
  limits?: Partial<Limits>
  /** Ctrl-C gets a program out of an endless loop, as on Linux and nRF5x; never on an ESP32 (sim/console/port.ts). */
  breaksLoops?: boolean
}

/** A simulated board with its console, in a house that is turned in real time or faster until it is closed. */
export interface SimulatedBoard {
  readonly line: SerialLine
  readonly house: House
  /** Another cable, behind `line.close()`: as when it is plugged in again. */
  plugIn(): SerialLine
  /** Storage as it is: byte strings by name. */
  files(): Record<string, string>
  powerOff(): void
  powerOn(): void
  close(): Promise<void>
}

/** `spec` gives board, bundle and settings; without a bundle the chip's Storage holds `files` alone. */
export function simulatedBoard(
  spec: Omit<DeviceSpec, "bundle"> & { bundle?: string },
  options: SimulatedBoardOptions = {},
): SimulatedBoard {
  const { files = {}, speed = 20, limits, breaksLoops } = options
  const device = { ...spec, bundle: spec.bundle ?? "" }
  const house = new House({ devices: [device], trace: false, ...(limits && { limits }) })
  const { name } = spec
  const { flash, port } = house.device(name).chip
  if (breaksLoops) port.breaksLoops = true
  if (spec.bundle === undefined) flash.eraseAll()
  for (const [file, bytes] of Object.entries(files)) {
    const problem = flash.write(file, bytes)
    if (problem) throw new Error(`${file}: ${problem}`)
  }
  const stop = new AbortController()
  const plug = () => plugIn(house, name, queueMicrotask)
  const line = plug()
  house.boot()
  const running = pace(house, { speed, signal: stop.signal, tickMs: 5 })
  return {
    ...{ line, house, plugIn: plug },
    files: () => Object.fromEntries(flash.list().map((file) => [file, flash.read(file)!])),
    powerOff: () => house.act((house) => house.device(name).powerOff()),
    powerOn: () => house.act((house) => house.device(name).powerOn()),
    async close() {
      stop.abort()
      await running
      await house.close()
    },
  }
}
