import fs from "node:fs"
import { relative } from "node:path"
import { settingsRecord } from "../config/record"
import { durationMs } from "../config/duration"
import type { Config } from "../config/load"
import type { Device } from "../config/device"
import { loadConfig } from "../config/load"
import { Recording } from "../record/recording"
import { ROOT } from "../root"
import { openSerial, type SerialLine } from "../serial/port"
import { speedOf } from "./baud"
import { grouped } from "./build/table"
import { pickDevices } from "../config/pick"
import { EXIT_FAILED, EXIT_OK, EXIT_USAGE, Failure } from "../failure"
import { version } from "../version"

export interface RecordCommand {
  config: string
  port?: string
  out?: string
  baud: string
  for?: string
}

/** A board that records says something within this: its program looks after itself every 5 s. */
const SILENCE_MS = 10_000
const SHOW_EVERY_MS = 1000
/** To the beginning of the terminal's line, and clears it. */
const WIPE = "\r\x1b[K"

/** Records one board until Ctrl-C, `--for` or a break; gives the exit code. What was recorded until then is a whole trace. */
export async function record(name: string, command: RecordCommand): Promise<number> {
  const baud = speedOf(command.baud, 115_200)
  const forMs = command.for === undefined ? undefined : durationMs(command.for)
  if (command.for !== undefined && !forMs)
    throw new Failure(`--for ${command.for} is no time. Write it as 30s, 10min or 1h.`, EXIT_USAGE)
  const config = await loadConfig(command.config)
  const [device] = pickDevices(config, [name])
  const path = command.port ?? device.serialPort
  if (path === undefined)
    throw new Failure(`which port is ${name} on? Say --port /dev/ttyUSB0, or "port" in ${config.file}.`, EXIT_USAGE)
  const traced = await describe(config, device)
  const file = new TraceFile(command.out ?? `${name}.trace`)
  try {
    const line = await openSerial(path, baud)
    say(`recording ${name} on ${path}; Ctrl-C ends it`)
    const recording = new Recording({
      ...{ by: `motewire ${version()}`, device: traced, board: device.board },
      write: (text) => file.write(text),
      onNoise: (text) => process.stderr.isTTY && process.stderr.write(`${WIPE}${path}: ${text}\n`),
    })
    const why = await listen(line, recording, path, forMs).finally(() => line.close())
    recording.end()
    return verdict(name, recording, file, why)
  } finally {
    file.close()
  }
}

/** What the header says of the board: the bundle is that without the recorder, which a replay runs. */
async function describe(config: Config, { name, board, program }: Device) {
  const { buildProgram } = await import("../build/program")
  const { sha256: bundle } = await buildProgram(program, { root: ROOT })
  // Its length stands in CONNECT as the board sends it. Of Wi-Fi's nothing is ever sent.
  const password = config.broker.password
  if (password && password.reveal() === undefined)
    throw new Failure(
      `${password.env} is not set: the trace needs the length of the broker's password. Set it, or write it into .env.local.`,
    )
  const settings = settingsRecord(config, name, { standIn: "motewire" })
  return { name, board: board.name, program: relative(process.cwd(), program), bundle, settings }
}

/** Until it is over; says why, unless the user wanted it. */
async function listen(
  line: SerialLine,
  recording: Recording,
  path: string,
  forMs: number | undefined,
): Promise<string | undefined> {
  const startedMs = performance.now()
  let begunMs: number | undefined
  let isHinted = false

  function look(stop: () => void): void {
    const nowMs = performance.now()
    if (recording.hasBegun) begunMs ??= nowMs
    const isLate = nowMs - startedMs > SILENCE_MS
    if (isLate && !recording.lineCount) throw new Failure(silence(path))
    if (isLate && !recording.hasBegun && !isHinted) {
      isHinted = true
      say("the board is in the middle of its program: press its reset button (EN), a trace begins at the beginning")
    }
    if (begunMs !== undefined && forMs !== undefined && nowMs - begunMs >= forMs) stop()
    progress(recording, begunMs === undefined ? 0 : nowMs - begunMs)
  }

  let undo = () => {}
  const over = new Promise<string | undefined>((resolve, reject) => {
    const stop = () => resolve(undefined)
    const guarded = (run: () => void) => () => {
      try {
        run()
      } catch (error) {
        reject(error as Error)
      }
    }
    line.onData((bytes) => {
      guarded(() => recording.take(bytes))()
      if (recording.broke !== undefined) resolve(recording.broke)
    })
    line.onClose(() => resolve(`${path} is gone: was the board unplugged?`))
    const timer = setInterval(
      guarded(() => look(stop)),
      SHOW_EVERY_MS,
    )
    process.once("SIGINT", stop).once("SIGTERM", stop)
    undo = () => {
      clearInterval(timer)
      process.off("SIGINT", stop).off("SIGTERM", stop)
      if (process.stderr.isTTY) process.stderr.write(WIPE)
    }
  })
  await line.reset()
  return over.finally(() => undo())
}

const silence = (path: string) =>
  `nothing on ${path} comes from a recorder. Put the program with the recorder on the board with "motewire flash DEVICE --record", and try again.`

function progress(recording: Recording, ms: number): void {
  if (!process.stderr.isTTY) return
  const time = `${Math.floor(ms / 1000)} s`
  process.stderr.write(`${WIPE}recording: ${grouped(recording.lineCount)} lines, ${time}, none lost; Ctrl-C ends it`)
}

function verdict(name: string, recording: Recording, file: TraceFile, why: string | undefined): number {
  if (!recording.hasBegun) throw new Failure(why ?? "the board did not begin its program: nothing was recorded.")
  const seconds = (recording.atUs / 1e6).toFixed(1)
  process.stdout.write(`${name}: ${grouped(recording.events)} events in ${seconds} s, ${file.path}\n`)
  if (why === undefined) return EXIT_OK
  say(`the recording ends here: ${why}`)
  return EXIT_FAILED
}

const say = (text: string) => process.stderr.write(`${process.stderr.isTTY ? WIPE : ""}motewire: ${text}\n`)

/** Made when the first line comes, so that a failure before leaves an older trace alone. */
class TraceFile {
  private file: number | undefined

  constructor(readonly path: string) {}

  write(text: string): void {
    try {
      this.file ??= fs.openSync(this.path, "w")
      fs.writeSync(this.file, text)
    } catch (error) {
      throw new Failure(`cannot write ${this.path}: ${(error as Error).message}.`)
    }
  }

  close(): void {
    if (this.file !== undefined) fs.closeSync(this.file)
  }
}
