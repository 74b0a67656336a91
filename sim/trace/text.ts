/** Texts of a trace: one line an event, the same in every terminal, and nothing is lost on the way back. */

/** Says what is wrong with one line of a trace. */
export class TraceError extends Error {}

/** Bytes outside printable ASCII become \xNN, larger characters \u{N}, a newline \n, a backslash \\. */
export function printable(text: string): string {
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(text)) return text
  return text.replace(/[^\x20-\x5b\x5d-\x7e]/g, (char) => (char === "\n" ? "\\n" : char === "\\" ? "\\\\" : code(char)))
}

/** The rest of a line. Nothing at all is \e, and a space at either end is written out: editors take those away. */
export function rest(text: string): string {
  return text === "" ? "\\e" : printable(text).replace(/^ | $/g, "\\x20")
}

/** A text without spaces. `taken` is what must not stand there, since it would mean something else. */
export function word(text: string, taken?: RegExp): string {
  const written = rest(text).replaceAll(" ", "\\x20")
  return taken?.test(written) ? code(written[0]) + written.slice(1) : written
}

/** The text that `printable`, `rest` or `word` wrote. */
export function unwritten(written: string): string {
  if (!written.includes("\\")) return written
  return written.replace(/\\(?:([ne\\])|x([\da-f]{2})|u\{([\da-f]+)\}|.?)/gs, (escape, letter, byte, point) => {
    if (letter) return { n: "\n", e: "", "\\": "\\" }[letter as "n"]
    if (!byte && !point) throw new TraceError(`expected \\n, \\e, \\\\, \\xNN or \\u{N}, got ${escape}`)
    return String.fromCharCode(parseInt(byte ?? point, 16))
  })
}

export const code = (char: string): string => {
  const value = char.charCodeAt(0)
  return value < 256 ? `\\x${value.toString(16).padStart(2, "0")}` : `\\u{${value.toString(16)}}`
}

/** Two digits a byte. */
export const hex = (bytes: string): string => Array.from(bytes, (char) => hexByte(char.charCodeAt(0))).join("")
export const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0")
