import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { BoardPower } from "../../sim/energy/power"
import { nearest } from "../../sim/nearest"
import { ROOT } from "../root"

export type Level = "low" | "high"

/** One pin of boards/*.json; boards/board.schema.json says what each mark means. */
export interface BoardPin {
  number: number
  printed: string
  names: string[]
  offHeader?: string
  inputOnly?: true
  flash?: true
  psram?: true
  strapping?: { pull: "up" | "down" | "none"; wrong: Level; then: string; stopsBoot?: true }
  console?: true
  bridge?: true
  bootLog?: true
  bootPullUp?: true
  firmwareButton?: "inverted" | "input"
  noWatch?: true
  adc?: { unit: number; channel: number }
  touch?: number
  dac?: number
  pwm?: true
  buses?: string[]
}

export interface Board {
  name: string
  title: string
  aliases: string[]
  chip: string
  flashMegabytes: number
  memory: { blocks: number; blockBytes: number }
  /** Offsets in the flash as text, "0x1000". */
  firmware: {
    bootloader: string
    partitions: string
    app: string
    flashMode: string
    flashFrequency: string
    adcUnits: number[]
    pwm: { common: number; own: number }
  }
  storage: { offset: string; bytes: number }
  usb: { connectors: ("bridge" | "chip")[]; console: "bridge" | "chip" }
  led?: { pin: string; lights: Level | "ws2812" }
  button?: { pin: string; printed: string }
  sources: string[]
  power: BoardPower
  pins: Record<string, BoardPin>
}

const BOARDS = join(ROOT, "boards")

export function loadBoards(folder = BOARDS): Board[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
  return files.sort().map((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Board)
}

/** What a written board's name may have meant: the board known by it elsewhere, else what is spelt nearly so. */
export function boardMeant(
  boards: Pick<Board, "name" | "aliases">[],
  written: string,
): { same?: string; near?: string } {
  const wanted = written.trim().toLowerCase().replace(/[ _]+/g, "-")
  const names = new Map(boards.flatMap(({ name, aliases }) => [name, ...aliases].map((each) => [each, name])))
  const same = names.get(wanted)
  if (same) return { same }
  const [near] = nearest(wanted, names.keys(), 1)
  return near === undefined ? {} : { near: names.get(near) }
}

type PinFound =
  | { found: "one"; name: string; pin: BoardPin }
  /** The silk screen's D0 to D3 are the flash's data lines, Espruino's D0 to D3 are GPIO0 to 3: say which, never guess. */
  | { found: "several"; names: string[] }
  | { found: "none"; near: string[] }

/** Finds a pin by GPIO name, printed name or Espruino's name, whatever the case. */
export function findPin(board: Board, wanted: string): PinFound {
  const lower = wanted.trim().toLowerCase()
  const isNamed = (name: string, pin: BoardPin) =>
    [name, pin.printed, ...pin.names].some((each) => each.toLowerCase() === lower)
  const hits = Object.entries(board.pins).filter(([name, pin]) => isNamed(name, pin))
  if (hits.length === 1) return { found: "one", name: hits[0][0], pin: hits[0][1] }
  if (hits.length > 1) return { found: "several", names: hits.map(([name]) => name) }
  return { found: "none", near: nearest(closeForm(wanted), Object.keys(board.pins)) }
}

/** "D24", "pin 24" and "24" all mean a GPIO: compare them as one. */
function closeForm(wanted: string): string {
  const digits = /(\d+)\s*$/.exec(wanted)?.[1]
  return digits ? `GPIO${Number(digits)}` : wanted
}

/** "GPIO4" for 4. */
export function pinCalled(board: Board, number: number): string {
  return Object.keys(board.pins).find((name) => board.pins[name].number === number) ?? `GPIO${number}`
}
