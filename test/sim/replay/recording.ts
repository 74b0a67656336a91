import type { DeviceSpec } from "../../../sim/device"
import { House } from "../../../sim/house"
import type { HouseOptions } from "../../../sim/house"
import { Replay } from "../../../sim/replay/replay"
import type { Outcome, ReplayOptions } from "../../../sim/replay/player"
import { eventOf, eventsOf, readTrace } from "../../../sim/trace/file"
import { Recorder } from "../../../sim/trace/recorder"

const NO_HASH = "0".repeat(64)

/** Runs a house and gives the text of its trace. */
export async function record(
  options: HouseOptions,
  run: (house: House) => unknown = (house) => house.advance("3min"),
): Promise<string> {
  const house = new House({ trace: false, ...options })
  let text = ""
  const devices = options.devices.map(({ name, board, record }) => ({
    ...{ name, board: board.name, bundle: NO_HASH, mac: house.device(name).chip.mac },
    ...(record && { settings: record }),
  }))
  const header = { by: "a test", origin: "simulator" as const, seed: options.seed ?? 1, devices }
  const records = options.devices.map((spec) => spec.record)
  const recorder = new Recorder(header, records, (line) => (text += line))
  house.on((event) => recorder.event(event))
  house.boot()
  await run(house)
  recorder.end(house.nowUs)
  await house.close()
  return text
}

/** Plays a trace to the bundle of `spec`. */
export function replay(text: string, spec: DeviceSpec, options: Partial<ReplayOptions> = {}): Outcome {
  const trace = readTrace(text)
  const device = trace.header.devices.find(({ name }) => name === spec.name)!
  const events = eventsOf(trace, spec.name).map(eventOf)
  return new Replay({ device, board: spec.board, bundle: spec.bundle, events, endUs: trace.endUs, ...options }).run()
}
