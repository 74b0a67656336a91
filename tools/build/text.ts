/**
 * On the chip a string is bytes (Espruino 2v29). Every character outside ASCII becomes its UTF-8 bytes as `\xNN`
 * before anything parses the file, because a parser forgets whether "é" was typed or written as an escape.
 * In comments this changes nothing; in an identifier it is a syntax error, which the chip would meet too.
 */
export function bytesAsEscapes(source: string): string {
  return source.replace(/[^\0-\x7f]+/g, escapeUtf8)
}

function escapeUtf8(text: string): string {
  return [...Buffer.from(text, "utf8")].map((byte) => `\\x${byte.toString(16).toUpperCase()}`).join("")
}

/** The column in the typed line of a column in its escaped form, both from 0. */
export function typedColumn(typedLine: string, escapedColumn: number): number {
  let escaped = 0
  let typed = 0
  for (const character of typedLine) {
    escaped += character > "\x7f" ? escapeUtf8(character).length : 1
    if (escaped > escapedColumn) return typed
    typed += character.length
  }
  return typed + escapedColumn - escaped
}
