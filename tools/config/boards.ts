import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { BoardPower } from "../../sim/energy/power"
import { ROOT } from "../root"
import { nearest } from "../../sim/nearest"

/** One pin of boards/*.json; boards/board.schema.json says what each mark means. */
export interface BoardPin {
  number: number
  printed: string
  names: string[]
  inputOnly?: true
  flash?: true
  strapping?: true
  atReset?: string
  console?: true
  bootPullUp?: true
  noWatch?: true
  adc?: true
  dac?: true
  pwm?: true
}

export interface Board {
  name: string
  title: string
  chip: string
  memory: { blocks: number; blockBytes: number }
  sources: string[]
  power: BoardPower
  pins: Record<string, BoardPin>
}

const BOARDS = join(ROOT, "boards")

export function loadBoards(folder = BOARDS): Board[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
  return files.sort().map((file) => JSON.parse(readFileSync(`${folder}/${file}`, "utf8")) as Board)
}

export type PinFound =
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
