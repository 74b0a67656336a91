import { align, type Pair } from "./align"
import { tokeniserFor } from "./espruino-tools"
import { remapped } from "./remap"
import { shaped, type Lexeme } from "./shape"
import type { Code } from "./program"

/** The firmware that a board is taken to run until it has been asked. */
export const FIRMWARE = "2v29"

export interface Tokens {
  /** Characters 0 to 255, one a byte: write it as latin1. */
  code: string
  /** Source map v3 as JSON. Its lines end where a byte is 10, whatever it stands for: so the chip counts lines. */
  map: string
  /** The version that these bytes are for. */
  firmware: string
}

/**
 * The bundle with words, strings and integers as the interpreter's own bytes: a sixth smaller, faster, and its strings
 * stay in flash. `firmware` is what `process.env.VERSION` says: strings became bytes with 2v20.48, integers with 2v26,
 * and an older firmware would read such a program as noise.
 */
export function pretokenise(bundle: Code, firmware = FIRMWARE): Tokens {
  if (!/^\d+v\d+(\.\d+)?$/.test(firmware))
    throw new Error(`"${firmware}" is no version of Espruino: it is what process.env.VERSION says, such as 2v29`)
  const { code, pairs } = tokenised(bundle.code, firmware)
  return { code, map: remapped(bundle.map, bundle.code, code, pairs), firmware }
}

function tokenised(code: string, firmware: string): { code: string; pairs: Pair[] } {
  const tools = tokeniserFor(firmware)
  const lexemes = shaped(code)
  const mark = unusedName(code)
  const result = tools.tokenise(marked(lexemes, mark)).replace(new RegExp(`\\${mark}(\\d|gap)`, "g"), unmarked)
  return { code: result, pairs: align(lexemes, result, tools) }
}

/**
 * Text for EspruinoTools, with names in place of what it would spoil or lengthen. It leaves out every space that is not
 * between two words, and so makes `a++b` of `a+ +b` and a comment of `a/ /b/`; and it writes `5` as two bytes.
 */
function marked(lexemes: Lexeme[], mark: string): string {
  return lexemes
    .map(({ text, isSpaced }, at) => {
      const before = lexemes[at - 1]
      const isGap = isSpaced && before && !(/[\w$]$/.test(before.text) && /^[\w$]/.test(text))
      return `${isGap ? ` ${mark}gap` : ""} ${/^\d$/.test(text) ? mark + text : text}`
    })
    .join("")
}

const unmarked = (_: string, what: string): string => (what === "gap" ? " " : what)

function unusedName(code: string): string {
  let name = "$mark"
  while (code.includes(name)) name += "k"
  return name
}
