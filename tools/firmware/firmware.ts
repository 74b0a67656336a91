import { Failure } from "../failure"
import { BoardConsole, Silence } from "../flash/console"
import { closePort, openPort, reopenSerial } from "../serial/port"
import {
  connect,
  NoBootLoader,
  pack,
  PATIENCE,
  reasonOf,
  ROM_BAUD,
  startStub,
  toolOn,
  type BootLoader,
  type Patience,
  type Tool,
} from "./boot-loader"
import type { Chip } from "./chips"
import type { Install } from "./contents"
import { readPartitions, TABLE_BYTES } from "./partitions"
import { planFor, type Plan } from "./plan"
import { isBridge, restart, usbIdsOf, webSerial } from "./web-serial"

export interface Installing {
  /** Chips that motewire knows. */
  chips: Chip[]
  /** What the file has for each chip; undefined: Storage is erased, and nothing written. */
  installs?: Install[]
  /** The chip that the user says it is. */
  chip?: Chip
  /** Storage, too. */
  erase?: boolean
  isDryRun?: boolean
  /** Bits a second, once the boot loader answers. */
  baud: number
  say: (text: string) => void
  /** Bytes erased of Storage, then bytes of the firmware as they go over the line. */
  onProgress?: (what: "Storage" | "Espruino", done: number, total: number) => void
  /** Ctrl-C. */
  signal?: AbortSignal
  patience?: Patience
}

export interface Installed {
  chip: string
  /** `process.env.VERSION` of what then ran; undefined where its console is at another connector. */
  version?: string
}

/** How far it went, for whoever has to say what the board is left with. */
interface State {
  doing: string
  touched?: "Storage" | "firmware"
  isDone?: true
}

/** Puts Espruino onto the board at `path`, or erases its Storage, and waits until it answers. Undefined after a dry run. */
export async function installFirmware(path: string, job: Installing): Promise<Installed | undefined> {
  const state: State = { doing: "the boot loader" }
  const stopped = stopOf(job.signal, state)
  const ids = await usbIdsOf(path)
  const port = await openPort(path)
  const tool = toolOn(webSerial(port, ids), job.baud, job.patience ?? PATIENCE)
  const lost = new Promise<never>((_, reject) => port.on("close", () => reject(new Lost())))
  let chip: Chip | undefined
  try {
    chip = await Promise.race([change(tool, path, job, state), lost, stopped])
  } catch (error) {
    throw told(error, path, job, state)
  } finally {
    tool.giveUp()
    await restart(port, ids)
    await closePort(port)
  }
  if (!chip) return undefined
  state.isDone = true
  if (chip.speaksOwnUsb && isBridge(ids)) {
    job.say(elsewhere(chip))
    return { chip: chip.name }
  }
  return { chip: chip.name, version: await comeUp(path, chip, job, stopped) }
}

/** What a shell expects of a process that Ctrl-C ended. */
const EXIT_INTERRUPTED = 130

function stopOf(signal: AbortSignal | undefined, state: State): Promise<never> {
  const stopped = new Promise<never>((_, reject) => {
    const stop = () => reject(new Failure(`stopped. ${leftWith(state)}`, EXIT_INTERRUPTED))
    if (signal?.aborted) stop()
    signal?.addEventListener("abort", stop)
  })
  // It may come while nobody waits for it.
  stopped.catch(() => {})
  return stopped
}

class Lost extends Error {}

/** From the boot loader to the last digest; undefined after a dry run. */
async function change(tool: Tool, path: string, job: Installing, state: State): Promise<Chip | undefined> {
  const patience = job.patience ?? PATIENCE
  const chip = chipOf(await connect(tool, patience), job)
  const install = job.installs && installFor(chip, job.installs)
  state.doing = "starting the flasher in its RAM"
  const board = await startStub(tool, patience)
  job.say(`${path}: ${board.description}, ${board.flashBytes / (1 << 20)} MB of flash`)
  if (board.baud < job.baud) job.say(`it does not keep up with ${job.baud} bits a second: going on with ${board.baud}`)
  state.doing = "reading the partition table"
  const partitions = readPartitions(await board.read(chip.partitionsAt, TABLE_BYTES))
  const plan = planFor(chip, { bytes: board.flashBytes, partitions }, install, !!job.erase)
  plan.warnings.forEach(job.say)
  if (job.isDryRun) {
    job.say(`would ${textOf(plan)}; nothing was written`)
    return undefined
  }
  job.say(textOf(plan))
  await eraseStorage(board, plan, job, state)
  await writeParts(board, plan, job, state)
  return chip
}

function chipOf(found: string, { chips, chip: said }: Installing): Chip {
  if (said && said.name !== found)
    throw new Failure(
      `the board is an ${found}, and --chip says ${said.name}. Is it the other port (--port)? Nothing was changed.`,
    )
  const chip = chips.find(({ name }) => name === found)
  if (!chip)
    throw new Failure(
      `the board is an ${found}, and Espruino is there for ${chips.map(({ name }) => name).join(", ")}.`,
    )
  return chip
}

/** The best that the file has for the chip. */
function installFor(chip: Chip, installs: Install[]): Install {
  const fitting = installs.filter((each) => each.chip.name === chip.name)
  if (fitting.length === 0) {
    const others = [...new Set(installs.map((each) => each.chip.name))].join(" and ")
    throw new Failure(
      `the board is an ${chip.name}, and this firmware is for ${others}. Take the file for ${chip.name}; nothing was changed.`,
    )
  }
  const best = fitting.filter((each) => !!each.whole === !!fitting[0].whole)
  if (best.length > 1)
    throw new Failure(
      `there are ${best.length} of Espruino for ${chip.name} in it: ${best.map(({ from }) => from).join(", ")}. Give --file one of them.`,
    )
  return best[0]
}

function textOf({ erase, parts }: Plan): string {
  const at = (offset: number) => `at 0x${offset.toString(16)}`
  const steps = parts.map(({ what, offset, bytes }) => `${what} (${bytes.length} bytes ${at(offset)})`)
  const list = [steps.slice(0, -1).join(", "), ...steps.slice(-1)].filter(Boolean).join(" and ")
  const erased = erase && `erase Storage (${erase.bytes} bytes ${at(erase.offset)})`
  return [erased, list && `write ${list}`, !erased && "keep Storage"].filter(Boolean).join(", ")
}

async function eraseStorage(board: BootLoader, { erase }: Plan, job: Installing, state: State): Promise<void> {
  if (!erase) return
  state.doing = "erasing Storage"
  state.touched = "Storage"
  await board.erase(erase.offset, erase.bytes, (bytes) => job.onProgress?.("Storage", bytes, erase.bytes))
}

async function writeParts(board: BootLoader, { parts }: Plan, job: Installing, state: State): Promise<void> {
  const packed = parts.map(({ bytes }) => pack(bytes))
  const total = packed.reduce((sum, { deflated }) => sum + deflated.length, 0)
  let before = 0
  for (const [index, { what, offset }] of parts.entries()) {
    state.doing = `writing ${what} at 0x${offset.toString(16)}`
    state.touched = "firmware"
    await board.write(offset, packed[index], (bytes) => job.onProgress?.("Espruino", before + bytes, total))
    before += packed[index].deflated.length
  }
}

/** One sentence for whatever went wrong between opening the port and the last digest. */
function told(error: unknown, path: string, job: Installing, state: State): Failure {
  if (error instanceof Failure) return error
  if (error instanceof Lost)
    return new Failure(
      `${path} is gone: was the board unplugged? Plug it in again; if it came back by itself, run this again. ${leftWith(state)}`,
    )
  if (error instanceof NoBootLoader)
    return new Failure(
      `no boot loader answers on ${path}. Hold BOOT (IO0 to GND where there is no such button), press and let go of EN (RST, RESET), let go of BOOT, and run this again.`,
    )
  return new Failure(
    `${state.doing} failed: ${reasonOf(error)}. ${leftWith(state)} Try again, ${job.baud > ROM_BAUD ? "with --baud 115200 or another cable" : "with another cable"} if it goes on.`,
  )
}

/** What the board is left with. */
function leftWith({ touched, isDone }: State): string {
  if (isDone) return "What was asked for is done and verified."
  if (touched === "firmware")
    return "The board has no whole firmware now, but cannot be lost: its boot loader stands in ROM, and this can be run again."
  return touched ? "Storage is erased in part; run this again." : "Nothing was erased or written."
}

const elsewhere = ({ name }: Chip) =>
  `Espruino's console on ${name} is the chip's own USB, and this port is the board's serial bridge: plug the cable into the other connector, or wires to the chip's USB pins`

/** The version of the Espruino that answers. */
async function comeUp(path: string, chip: Chip, job: Installing, stopped: Promise<never>): Promise<string> {
  const line = await reopenSerial(path)
  const version = await Promise.race([ask(new BoardConsole(line, path), job), stopped]).finally(() => line.close())
  if (version !== undefined) return version
  if (chip.speaksOwnUsb) job.say(`if this port is the board's serial bridge: ${elsewhere(chip)}`)
  throw new Failure(
    `it is done and verified, but no Espruino answers on ${path}. Press EN (RST, RESET) once; if an old program in Storage never lets go, "motewire firmware --erase" removes it.`,
  )
}

/** `process.env.VERSION`; undefined when nobody answers. */
async function ask(board: BoardConsole, { patience = PATIENCE }: Installing): Promise<string | undefined> {
  try {
    if (await board.knock(patience.bootMs)) return await board.ask<string>("process.env.VERSION")
  } catch (error) {
    if (!(error instanceof Silence)) throw error
  }
  return undefined
}
