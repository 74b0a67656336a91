import { numberText } from "./number"
import type { Interpreter } from "./interpreter"
import { crash } from "./report"

/**
 * Brackets within brackets that JSON.parse gets through. The firmware's parser recurses without a look at its stack
 * (src/jswrap_json.c in Espruino 2v29), and where that ends the chip crashes. An estimate for the ESP32's 25 kB: built for
 * Linux, the same parser dies of 300 to 400 levels on 40 kB.
 */
export const MAX_JSON_DEPTH = 150

/** JSON as the chip writes it: bytes from 0x7F as \u00XX, its own number format, no getters, cycles as " ... ". */
export function jsonStringify(value: unknown, space?: number | string): string | undefined {
  const indent = typeof space === "number" ? " ".repeat(space) : (space ?? "")
  return write(value, indent, "", [])
}

function write(value: unknown, indent: string, margin: string, parents: object[]): string | undefined {
  if (value === null || value === undefined) return value === null ? "null" : undefined
  if (typeof value === "number") return Number.isFinite(value) ? numberText(value) : "null"
  if (typeof value === "boolean") return String(value)
  if (typeof value === "string") return quote(value)
  if (typeof value !== "object") return undefined
  if (parents.includes(value)) return " ... "
  const toJson = (value as { toJSON?: () => unknown }).toJSON
  if (typeof toJson === "function") return write(toJson.call(value), indent, margin, parents)
  return writeInside(value, indent, margin, [...parents, value])
}

function writeInside(value: object, indent: string, margin: string, parents: object[]): string {
  const inner = margin + indent
  const isList = Array.isArray(value) || ArrayBuffer.isView(value)
  const items = isList
    ? [...(value as unknown as Iterable<unknown>)].map((item) => write(item, indent, inner, parents) ?? "null")
    : fields()
  if (!items.length) return isList ? "[]" : "{}"
  const text = indent ? `\n${inner}${items.join(`,\n${inner}`)}\n${margin}` : items.join(",")
  return isList ? `[${text}]` : `{${text}}`

  function fields(): string[] {
    const found: string[] = []
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      if (!property.enumerable || property.get) continue
      const text = write(property.value, indent, inner, parents)
      if (text !== undefined) found.push(`${quote(name)}:${indent ? " " : ""}${text}`)
    }
    return found
  }
}

const SHORT: Record<string, string> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
}

function quote(text: string): string {
  const escape = (char: string) =>
    SHORT[char] ?? `\\u00${(char.charCodeAt(0) & 255).toString(16).toUpperCase().padStart(2, "0")}`
  return `"${text.replace(/["\\]|[^\x20-\x7e]/g, escape)}"`
}

/** Lenient as the chip is: trailing text and commas, single quotes and leading zeros pass; of two equal keys the first counts. */
export function jsonParse(text: string, interpreter: Interpreter): unknown {
  return new Reader(text, interpreter).value()
}

class Reader {
  private at = 0
  private depth = 0

  constructor(
    private readonly text: string,
    private readonly interpreter: Interpreter,
  ) {}

  value(): unknown {
    this.skipSpace()
    const char = this.text[this.at]
    if (char === "{") return this.inside(() => this.object())
    if (char === "[") return this.inside(() => this.list())
    if (char === '"' || char === "'") return this.string(char)
    const word = this.match(/true|false|null|undefined/y)
    if (word) return word === "true" ? true : word === "false" ? false : word === "null" ? null : undefined
    const number = this.match(/-?(0x[0-9a-f]+|\d*\.?\d*(e[+-]?\d+)?)/iy)
    if (number === "-") return undefined
    if (number) return Number(number.replace(/^-/, "")) * (number.startsWith("-") ? -1 : 1)
    throw this.fail()
  }

  private inside<T>(read: () => T): T {
    if (++this.depth > MAX_JSON_DEPTH) crash(this.interpreter, `JSON.parse of more than ${MAX_JSON_DEPTH} levels`)
    const value = read()
    this.depth--
    return value
  }

  private object(): object {
    const object: Record<string, unknown> = this.interpreter.realm.object({})
    this.at++
    for (this.skipSpace(); this.text[this.at] !== "}"; this.comma("}")) {
      const quote = this.text[this.at]
      const key = quote === '"' || quote === "'" ? this.string(quote) : this.match(/[A-Za-z_$][\w$]*/y)
      this.expect(":", key)
      const value = this.value()
      // Own property even for "__proto__": data must not change the object's kind.
      if (!Object.hasOwn(object, key!))
        Object.defineProperty(object, key!, { value, writable: true, enumerable: true, configurable: true })
    }
    this.at++
    return object
  }

  private list(): unknown[] {
    const items: unknown[] = []
    this.at++
    for (this.skipSpace(); this.text[this.at] !== "]"; this.comma("]")) items.push(this.value())
    this.at++
    return this.interpreter.realm.array(items)
  }

  private comma(end: string): void {
    this.skipSpace()
    if (this.text[this.at] === ",") this.at++
    else if (this.text[this.at] !== end) throw this.fail()
    this.skipSpace()
  }

  private expect(char: string, key: string | undefined): void {
    this.skipSpace()
    if (key === undefined || this.text[this.at] !== char) throw this.fail()
    this.at++
  }

  private string(quote: string): string {
    const end = this.findEnd(quote)
    const raw = this.text.slice(this.at + 1, end)
    this.at = end + 1
    return raw.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])/g, (_, escape: string) => unescape(escape))
  }

  private findEnd(quote: string): number {
    for (let at = this.at + 1; at < this.text.length; at++) {
      if (this.text[at] === "\\") at++
      else if (this.text[at] === quote) return at
    }
    throw this.fail(this.text.length)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    this.at += found?.length ?? 0
    return found || undefined
  }

  private skipSpace(): void {
    this.match(/\s+/y)
  }

  private fail(at = this.at): Error {
    const what = at >= this.text.length ? "EOF" : `'${this.text[at]}'`
    return this.interpreter.error("SyntaxError", `Got ${what} expected a valid value`)
  }
}

const LETTERS: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", "0": "\0" }

/** Characters are bytes: of \u20ac the low one is kept. */
function unescape(escape: string): string {
  if (escape.length > 1) return String.fromCharCode(parseInt(escape.slice(1), 16) & 255)
  return LETTERS[escape] ?? escape
}
