import { BuildError, type Problem } from "./problem"
import type { Bundle } from "./program"
import type { Device } from "../config/device"
import { ROOT } from "../root"

/** Bundles by device name. Devices of one program share one bundle: settings are not part of it (DESIGN.md D1). */
export async function bundlesOf(devices: Device[], onStart: (device: Device) => void = () => {}, record = false) {
  const { buildProgram } = await import("./program")
  const byProgram = new Map<string, Bundle>()
  const problems: Problem[] = []
  for (const device of devices) {
    if (byProgram.has(device.program)) continue
    onStart(device)
    try {
      byProgram.set(device.program, await buildProgram(device.program, { root: ROOT, record }))
    } catch (error) {
      // One program's mistake does not hide the next one's.
      if (!(error instanceof BuildError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new BuildError(problems)
  return new Map(devices.map((device) => [device.name, byProgram.get(device.program)!]))
}
