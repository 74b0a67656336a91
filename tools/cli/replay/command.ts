import { existsSync, readFileSync } from "node:fs"
import { createHash } from "node:crypto"
import { resolve } from "node:path"
import { BoardReplay, type BoardOutcome } from "../../../sim/replay/board"
import type { HouseEvent } from "../../../sim/events"
import { isOfWire } from "../../../sim/faults/reason"
import type { Difference, Outcome, ReplayOptions } from "../../../sim/replay/player"
import { Replay } from "../../../sim/replay/replay"
import { eventOf, eventsOf, type Trace } from "../../../sim/trace/file"
import type { TracedDevice } from "../../../sim/trace/header"
import { loadBoards } from "../../config/boards"
import { didYouMean } from "../../../sim/nearest"
import { ROOT } from "../../root"
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, Failure } from "../../failure"
import { Places } from "../places"
import { inTrace, loadTrace, pickTraced } from "../trace-file"
import { brokeText, differenceText, sameText } from "./text"

export interface ReplayCommand {
  device?: string
  bundle?: string
  edited?: boolean
}

/** Plays the trace to each of its boards and gives the exit code: 1 when one of them did something else. */
export async function replay(file: string, options: ReplayCommand): Promise<number> {
  const trace = loadTrace(file)
  const devices = pickTraced(trace, file, options.device)
  if (options.bundle && devices.length > 1)
    throw new Failure(`${file} has several boards: say with --device whose bundle this is.`, EXIT_USAGE)
  checkWhole(trace, file, options)
  let exitCode = EXIT_OK
  for (const device of devices) if (!(await isSame(trace, file, device, options))) exitCode = EXIT_FAILED
  return exitCode
}

function checkWhole({ isAsRecorded }: Trace, file: string, { edited }: ReplayCommand): void {
  if (isAsRecorded === undefined) return say(`${file}: the recording was cut short, its last line is missing`)
  if (isAsRecorded || edited) return
  throw new Failure(
    `${file} was changed after it was recorded: the sum in its last line is another. --edited plays it all the same.`,
  )
}

async function isSame(trace: Trace, file: string, device: TracedDevice, options: ReplayCommand): Promise<boolean> {
  const { code: bundle, map } = await bundleOf(file, device, options.bundle)
  const sha256 = createHash("sha256").update(bundle, "latin1").digest("hex")
  const isChanged = sha256 !== device.bundle
  if (isChanged) say(`${device.name}: the bundle is ${short(sha256)}, recorded was ${short(device.bundle)}`)
  const lines = eventsOf(trace, device.name)
  const events = inTrace(file, () => lines.map(eventOf))
  const { endUs } = trace
  const world = {
    device,
    board: boardOf(file, device),
    bundle,
    events,
    isChanged,
    ...(endUs !== undefined && { endUs }),
  }
  const spoilt = wireFaults(events)
  if (spoilt.length) say(`${device.name}: this trace has a fault that may not replay: ${spoilt.join(", ")}`)
  const { difference, broke, untilUs, ...counts } = outcomeOf(world, trace.header.origin)
  const line = difference && lines[events.indexOf(difference.expected!)]?.line
  if (difference)
    say(
      differenceText(
        device.name,
        inSource(
          difference,
          new Places({ [device.name]: map === undefined ? undefined : { code: bundle, map } }),
          isChanged,
        ),
        line,
      ),
    )
  else say(sameText(device.name, counts, untilUs ?? endUs ?? events.at(-1)?.atUs ?? 0))
  if (broke !== undefined && !difference) say(brokeText(device.name, untilUs!, broke))
  return !difference && broke === undefined
}

/** With places in the TypeScript. Of what was recorded, too, where this very bundle told it. */
function inSource(
  { expected, got, before, after, ...rest }: Difference,
  places: Places,
  isChanged: boolean,
): Difference {
  const mapped = (event: HouseEvent) => places.mapped(event)
  const recorded = isChanged ? (event: HouseEvent) => event : mapped
  return {
    ...rest,
    ...(expected && { expected: recorded(expected) }),
    ...(got && { got: mapped(got) }),
    before: before.map(recorded),
    after: after.map(recorded),
  }
}

/** Of a wire: they change what the chip itself drives. */
const wireFaults = (events: readonly HouseEvent[]): string[] => [
  ...new Set(events.flatMap((event) => (event.kind === "fault" && isOfWire(event.reason) ? [event.reason] : []))),
]

const outcomeOf = (world: ReplayOptions, origin: "simulator" | "board"): Outcome & Partial<BoardOutcome> =>
  origin === "board" ? new BoardReplay(world).run() : new Replay(world).run()

/** Built from its source it has a map. */
async function bundleOf(
  file: string,
  { name, program }: TracedDevice,
  given: string | undefined,
): Promise<{ code: string; map?: string }> {
  if (given !== undefined) return { code: readBundle(given) }
  if (program === undefined) throw new Failure(`${file} names no program for ${name}: give its bundle with --bundle.`)
  const source = resolve(program)
  // A trace names its program from where it was recorded.
  if (!existsSync(source))
    throw new Failure(
      `${file}: the program of ${name} is ${program}, which is not there from this folder. Start where it was recorded, or give its bundle with --bundle.`,
    )
  const { buildProgram } = await import("../../build/program")
  return buildProgram(source, { root: ROOT })
}

function readBundle(file: string): string {
  try {
    return readFileSync(file, "latin1")
  } catch (error) {
    throw new Failure(`cannot read the bundle ${file}: ${(error as Error).message}.`)
  }
}

function boardOf(file: string, { name, board }: TracedDevice) {
  const boards = loadBoards()
  const found = boards.find((each) => each.name === board)
  if (found) return found
  const remedy = didYouMean(
    board,
    boards.map((each) => each.name),
  )
  throw new Failure(`${file}: ${name} is a "${board}", which is no board here. ${remedy}`)
}

const short = (sha256: string) => sha256.slice(0, 12)

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
