/** A byte string as source text in ASCII, for a line of the console: no byte of it means anything to the line editor. */
export function literal(bytes: string): string {
  const escape = (char: string) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`
  return `"${bytes.replace(/[^ !#-[\]-~]/g, escape)}"`
}
