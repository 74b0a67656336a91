import { Failure } from "../failure"
import type { ChipState } from "./chip"

/** E.CRC32, Storage.getStats and replaceAll, which programs use, are there from this version on. */
const OLDEST = [2, 20]
/** From here on there are packets (ChangeLog of Espruino 2v25). */
const PACKETS = [2, 25]
/** Strings became bytes of a pretokenised program with 2v20.48. */
const TOKENS = [2, 21]

/** `process.env.BOARD` of the builds for each chip of boards/*.json; others are Espruino's own boards, or a computer. */
const CHIPS: [chip: string, board: RegExp][] = [
  ["ESP32-C3", /^ESP32C3/],
  ["ESP32-S3", /^ESP32S3/],
  ["ESP32", /^ESP32(_|$)/],
]

export const hasPackets = ({ version }: ChipState): boolean => isFrom(version, PACKETS)
export const hasTokens = ({ version }: ChipState): boolean => isFrom(version, TOKENS)

function isFrom(version: string, [major, minor]: number[]): boolean {
  const [, x, y] = /^(\d+)v(\d+)/.exec(version) ?? []
  return Number(x) > major || (Number(x) === major && Number(y) >= minor)
}

/** Fails where the program cannot work on this board, with the reason. */
export function refuseBoard(chip: ChipState, wanted: { name: string; chip: string }): void {
  if (!isFrom(chip.version, OLDEST))
    throw new Failure(
      `the board runs Espruino ${chip.version}, and programs need 2v${OLDEST[1]} or later. Install a newer one with "motewire firmware".`,
    )
  // The interpreter on a computer, for tests: it is what it is told to be.
  if (chip.board.startsWith("LINUX")) return
  const is = CHIPS.find(([, board]) => board.test(chip.board))?.[0]
  if (is === wanted.chip) return
  const what = is ? `an ${is}` : `no ESP32 (${chip.board})`
  throw new Failure(
    `the board is ${what}, and the device's board is ${wanted.name}, an ${wanted.chip}. Choose the other port with --port, or mend "board" in flash.config.json.`,
  )
}
