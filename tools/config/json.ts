/**
 * JSON with places. JSON.parse on Node 20 names no position for most mistakes, quotes the text around them (which may
 * hold a secret somebody pasted) and lets a key that stands twice win in silence.
 */
export class JsonError extends Error {
  constructor(
    readonly line: number,
    readonly column: number,
    readonly reason: string,
    readonly remedy: string,
  ) {
    super(`${line}:${column}: ${reason}. ${remedy}`)
  }
}

export function parseJson(text: string): unknown {
  const reader = new Reader(text.replace(/^\uFEFF/, ""))
  const value = reader.value()
  reader.end()
  return value
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const WORD = /[A-Za-z_$][\w$]*/y
const WORDS: Record<string, unknown> = { true: true, false: false, null: null }

class Reader {
  private at = 0
  constructor(private readonly text: string) {}

  value(): unknown {
    const next = this.peek()
    if (next === "{") return this.object()
    if (next === "[") return this.array()
    if (next === '"') return this.string()
    const number = this.match(NUMBER)
    if (number !== undefined) return Number(number)
    return this.word()
  }

  end(): void {
    if (this.peek() !== "") this.fail("Something follows the closing bracket", "Remove it: a JSON file holds one value")
  }

  private object(): Record<string, unknown> {
    const result: Record<string, unknown> = {}
    this.items("}", () => {
      if (this.peek() !== '"') this.fail("A key must stand in double quotes", 'Write "name": value')
      const keyAt = this.at
      const key = this.string()
      if (Object.hasOwn(result, key)) this.fail(`"${key}" stands twice`, "Keep one of the two", keyAt)
      if (this.peek() !== ":") this.fail(`A colon is missing after "${key}"`, 'Write "name": value')
      this.at++
      // defineProperty: a key "__proto__" must become a wrong key to report, not a prototype.
      Object.defineProperty(result, key, { value: this.value(), enumerable: true, writable: true, configurable: true })
    })
    return result
  }

  private array(): unknown[] {
    const result: unknown[] = []
    this.items("]", () => result.push(this.value()))
    return result
  }

  private items(close: string, read: () => void): void {
    const openAt = this.at++
    if (this.peek() === close) return void this.at++
    for (;;) {
      read()
      const next = this.peek()
      if (next !== "," && next !== close) this.missing(next, close, openAt)
      const commaAt = this.at++
      if (next === close) return
      if (this.peek() === close) this.fail(`A comma stands before "${close}"`, "Remove that comma", commaAt)
    }
  }

  private missing(next: string, close: string, openAt: number): never {
    const open = close === "}" ? "{" : "["
    if (next === "") this.fail(`"${open}" is never closed`, `Add "${close}"`, openAt)
    this.fail(`A comma or "${close}" is missing here`, "Put a comma between two entries")
  }

  private string(): string {
    const raw = this.match(STRING)
    if (raw === undefined)
      this.fail(
        "This text is not closed on its line, or holds a stray backslash",
        'Close it with " and write \\\\ for \\',
      )
    return JSON.parse(raw) as string
  }

  private word(): unknown {
    const wordAt = this.at
    const word = this.match(WORD)
    if (word !== undefined && Object.hasOwn(WORDS, word)) return WORDS[word]
    if (this.text.startsWith("'", wordAt))
      this.fail("Text stands in single quotes", 'Use double quotes: "text"', wordAt)
    if (wordAt >= this.text.length) this.fail("The file ends where a value is due", "Add the value", wordAt)
    this.fail("A value is due here", 'Write "text", a number, true, false, { } or [ ]', wordAt)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }

  /** The next character that counts, "" at the end. */
  private peek(): string {
    while (" \t\r\n".includes(this.text.charAt(this.at)) && this.at < this.text.length) this.at++
    if (this.text.startsWith("//", this.at) || this.text.startsWith("/*", this.at))
      this.fail("JSON has no comments", "Remove the comment")
    return this.text.charAt(this.at)
  }

  private fail(reason: string, remedy: string, at = this.at): never {
    const before = this.text.slice(0, at).split("\n")
    throw new JsonError(before.length, before[before.length - 1].length + 1, reason, remedy)
  }
}
