import { numberText } from "../espruino/number"

/** How values are written, by JSONFlags of src/jswrap_json.h (Espruino 2v29). */
interface Style {
  /** A space behind commas, and lines broken before whatever is no number. */
  pretty: boolean
  /** Names of properties without quotes where they are identifiers. */
  bare: boolean
  /** Long lists, strings and functions lose their middle. */
  limit: boolean
}

/** The value of a line that was typed: `=...`. */
export const RESULT: Style = { pretty: true, bare: true, limit: true }
/** print() and console.log. */
export const PRINTED: Style = { pretty: true, bare: false, limit: false }
/** E.toJS, and so the answer to a packet. */
export const RELAXED: Style = { pretty: false, bare: true, limit: false }

const MAX_ITEMS = 15
const SHOWN_ITEMS = 5
const MAX_CHARS = 60
const SHOWN_CHARS = 27
const ITEMS_A_LINE = 4
const MIDDLE = " ... "

/** A value as the console shows it; `find` gives the name that a constructor has among the globals. */
export function show(value: unknown, style: Style, find: (constructor: unknown) => string | undefined): string {
  return new Writer(style, find).value(value, 0)
}

class Writer {
  private readonly parents: object[] = []

  constructor(
    private readonly style: Style,
    private readonly find: (constructor: unknown) => string | undefined,
  ) {}

  value(value: unknown, indent: number): string {
    if (typeof value === "number") return numberText(value)
    if (typeof value === "string") return this.text(value)
    if (typeof value === "function") return `function ${this.code(value as () => unknown)}`
    if (typeof value !== "object" || value === null)
      return value === undefined && !this.style.pretty ? "null" : String(value)
    if (this.parents.includes(value)) return MIDDLE
    this.parents.push(value)
    const text = this.inside(value, indent)
    this.parents.pop()
    return text
  }

  private inside(value: object, indent: number): string {
    if (ArrayBuffer.isView(value)) return this.view(value as Uint8Array)
    if (isBuffer(value)) return `${this.view(new Uint8Array(value))}.buffer`
    if (Array.isArray(value)) return this.brackets("[", this.list(value, indent), "]")
    if (!this.style.pretty) return this.brackets("{", this.fields(value, indent), "}")
    const name = this.className(value)
    if (name && hasOwnText(value)) return `${name}: ${String(value)}`
    return `${name ? `${name}: ` : ""}${this.brackets("{", this.fields(value, indent), "}")}`
  }

  private brackets(open: string, inner: string, close: string): string {
    return this.style.pretty ? `${open} ${inner} ${close}` : `${open}${inner}${close}`
  }

  private list(items: unknown[], indent: number): string {
    const lines = new Lines(this.style.pretty, indent)
    const isLong = this.style.limit && items.length > MAX_ITEMS
    items.forEach((item, i) => {
      if (isLong && i >= SHOWN_ITEMS && i < items.length - SHOWN_ITEMS) return
      const before = isLong && i === items.length - SHOWN_ITEMS ? MIDDLE : ""
      lines.add(item, before, this.value(item, indent + 1), false)
    })
    return lines.end()
  }

  /** Getters are not asked. */
  private fields(object: object, indent: number): string {
    const lines = new Lines(this.style.pretty, indent)
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (!shownField(object, name, property) || (!this.style.pretty && property.value === undefined)) continue
      const key = this.style.bare && /^(\d+|[A-Za-z_$][\w$]*)$/.test(name) ? name : quote(name)
      lines.add(property.value, key + (this.style.pretty ? ": " : ":"), this.value(property.value, indent + 1), true)
    }
    return lines.end()
  }

  private view(view: Uint8Array): string {
    if (!this.style.pretty) return `[${[...view].map(numberText).join(",")}]`
    const items = [...view]
    const name = view.constructor.name
    if (items.every((item) => item === 0)) return `new ${name}(${items.length})`
    return `new ${name}([${this.list(items, 0)}])`
  }

  private text(text: string): string {
    if (!this.style.limit || text.length <= MAX_CHARS) return quote(text)
    return quote(text.slice(0, SHOWN_CHARS)) + MIDDLE + quote(text.slice(-SHOWN_CHARS))
  }

  private code(func: () => unknown): string {
    const source = Function.prototype.toString.call(func)
    const [, named, alone] = /^(?:async )?(?:function\s*[\w$]*\s*)?(?:\(([^)]*)\)|([\w$]+)\s*=>)/.exec(source) ?? []
    const params = (named ?? alone ?? "").replace(/\s+/g, "")
    if (isNative(func, source)) return "() { [native code] }"
    const body = bodyOf(source)
    return `(${params}) {${body === "" ? "" : this.style.limit ? MIDDLE : body}}`
  }

  private className(value: object): string | undefined {
    return this.find((Object.getPrototypeOf(value) as { constructor?: unknown } | null)?.constructor)
  }
}

/** Puts items behind one another, and what is no number on a line of its own. */
class Lines {
  private text = ""
  private isBroken = false
  private sinceBreak = 0
  private count = 0

  constructor(
    private readonly isPretty: boolean,
    private readonly indent: number,
  ) {}

  add(item: unknown, before: string, text: string, isField: boolean): void {
    if (this.count++ > 0) this.text += this.isPretty ? ", " : ","
    const needsLine = this.isPretty && !isSimple(item)
    this.sinceBreak++
    if (isField && this.isPretty && this.sinceBreak > ITEMS_A_LINE) this.isBroken = true
    if (!isField) this.text += before
    if (this.isBroken || needsLine) this.break(this.indent + 1)
    this.text += (isField ? before : "") + text
    this.isBroken = needsLine
  }

  end(): string {
    if (this.isBroken) this.break(this.indent)
    return this.text
  }

  private break(indent: number): void {
    this.text += `\n${"  ".repeat(indent)}`
    this.isBroken = false
    this.sinceBreak = 0
  }
}

const isSimple = (item: unknown) =>
  item === undefined || item === null || typeof item === "number" || typeof item === "boolean"

const isBuffer = (value: object): value is ArrayBuffer =>
  Object.prototype.toString.call(value) === "[object ArrayBuffer]"

/** A pattern's own properties are getters in V8, and in front on the chip; an error shows its text alone. */
function shownField(object: object, name: string, property: PropertyDescriptor): boolean {
  return property.enumerable === true && property.get === undefined && name !== "constructor" && object !== undefined
}

function hasOwnText(value: object): boolean {
  for (let at = Object.getPrototypeOf(value); at && Object.getPrototypeOf(at); at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, "toString")) return true
  return false
}

/** What the host gives is no program, even though V8 has its text. */
const isNative = (func: object, source: string) => natives.has(func) || /\{\s*\[native code\]\s*\}$/.test(source)

const natives = new WeakSet<object>()

/** The console must not print the simulator's own code. */
export function isOfTheChip(func: object): void {
  natives.add(func)
}

function bodyOf(source: string): string {
  const arrow = /^[^{]*?=>\s*(?!\{)([^]*)$/.exec(source)
  if (arrow && !/^(async )?function/.test(source)) return `return ${arrow[1]}`
  return source.slice(source.indexOf("{", source.indexOf(")")) + 1, source.lastIndexOf("}")).trim()
}

const SHORT: Record<string, string> = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\\": "\\\\",
  '"': '\\"',
}

function quote(text: string): string {
  const escape = (char: string, at: number) => {
    const code = char.charCodeAt(0)
    if (SHORT[char]) return SHORT[char]
    const isDigitNext = /[0-9]/.test(text[at + 1] ?? "")
    return code < 8 && !isDigitNext ? `\\${code}` : `\\x${code.toString(16).toUpperCase().padStart(2, "0")}`
  }
  return `"${text.replace(/["\\]|[^\x20-\x7e]/g, escape as (char: string) => string)}"`
}
