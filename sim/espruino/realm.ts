import vm from "node:vm"
import { isOfTheChip } from "../console/show"
import { PRELUDE } from "./prelude"
import { asChipSource, erasedAt } from "./source"
import { untokenised } from "./tokens"

/** Name of every program in stack traces; one name, so that V8 compiles a bundle once for all boards that run it. */
export const PROGRAM_FILE = "program.js"
/** Name of what is typed at the console. */
export const TYPED_FILE = "console.js"

/** A V8 context that lacks what Espruino lacks: its own Object, Array, Error; nothing of the host. */
export class Realm {
  readonly globalThis: object
  private readonly context: vm.Context
  private readonly constructors: Record<string, new (...args: unknown[]) => object>
  private readonly programs = new Map<string, string>()

  constructor() {
    // Jobs of V8's own promises (async functions, which the chip lacks) must never run in the host's time.
    this.context = vm.createContext(
      {},
      { microtaskMode: "afterEvaluate", codeGeneration: { strings: true, wasm: false } },
    )
    this.constructors = prelude.runInContext(this.context)
    this.globalThis = this.constructors.globalThis as unknown as object
  }

  global(name: string): unknown {
    return (this.globalThis as Record<string, unknown>)[name]
  }

  define(name: string, value: unknown): void {
    Object.defineProperty(this.globalThis, name, { value, writable: true, configurable: true, enumerable: true })
  }

  /** Hands host functions to the prelude, which builds on them what must be of this realm (Date, Promise). */
  supply(host: Record<string, unknown>): void {
    ;(this.constructors.supply as unknown as (host: Record<string, unknown>) => void)(host)
  }

  /** `file` is the one of Storage that it comes from, for stack traces; what the console prints of one without is `.bootcde`. */
  evaluate(code: string, file = ".bootcde"): unknown {
    const program = untokenised(code)
    const erasedAtByte = erasedAt(program)
    if (erasedAtByte >= 0) throw this.error("SyntaxError", `Got [ERASED] at byte ${erasedAtByte}`)
    return scriptFor(program, this.nameFor(code, file)).runInContext(this.context)
  }

  /** The program behind a name in V8's stack traces, as it is stored. */
  programOf(name: string): string | undefined {
    return this.programs.get(name)
  }

  /** What is evaluated from one file has one name, and what comes after it a number behind it. */
  private nameFor(code: string, file: string): string {
    const first = file === ".bootcde" ? PROGRAM_FILE : `${PROGRAM_FILE}?${file}`
    let name = first
    for (let nth = 2; (this.programs.get(name) ?? code) !== code; nth++) name = `${first}#${nth}`
    this.programs.set(name, code)
    return name
  }

  /** A line of the console: most are never seen again. */
  evaluateTyped(code: string): unknown {
    return new vm.Script(asChipSource(untokenised(code)), { filename: TYPED_FILE }).runInContext(this.context)
  }

  /** The global that a class is; undefined for none, and for what every plain object has. */
  nameOf(constructor: unknown): string | undefined {
    if (typeof constructor !== "function" || constructor === this.constructors["Object"]) return undefined
    return Object.keys(Object.getOwnPropertyDescriptors(this.globalThis)).find(
      (name) => this.global(name) === constructor,
    )
  }

  /** A host function becomes one of this realm: its `constructor` must not lead out of it. */
  adopt<F extends (...args: never[]) => unknown>(func: F, name: string): F {
    Object.defineProperty(func, "name", { value: name })
    isOfTheChip(func)
    return Object.setPrototypeOf(func, this.prototypeOf("Function"))
  }

  prototypeOf(name: string): object {
    return this.constructors[name].prototype
  }

  object<T extends object>(fields: T): T {
    return Object.assign(new this.constructors.Object(), fields)
  }

  array(items: unknown[]): unknown[] {
    const array = new this.constructors.Array() as unknown[]
    for (const item of items) array.push(item)
    return array
  }

  bytes(data: string): Uint8Array {
    const array = new this.constructors.Uint8Array(data.length) as Uint8Array
    for (let i = 0; i < data.length; i++) array[i] = data.charCodeAt(i)
    return array
  }

  error(type: string, message: string): Error {
    return new this.constructors[type](message) as Error
  }

  /** What the console prints for an uncaught value: type, message, and where in the program. */
  describe(error: unknown): string {
    const { message, stack, name } = (error ?? {}) as Partial<Error>
    if (message === undefined) return String(error)
    const frames = String(stack ?? "")
      .split("\n")
      .filter((line) => line.includes(PROGRAM_FILE))
    return [`${name ?? "Error"}: ${message}`, ...frames.slice(0, 3).map((line) => line.trim())].join(" ")
  }
}

const prelude = new vm.Script(PRELUDE, { filename: "prelude.js" })

/** Two hundred boards run the same bundle: it is parsed once. */
const scripts = new Map<string, vm.Script>()

function scriptFor(program: string, filename: string): vm.Script {
  const key = `${filename}\n${program}`
  let script = scripts.get(key)
  if (!script) {
    script = new vm.Script(asChipSource(program), { filename })
    if (scripts.size >= 1000) scripts.clear()
    scripts.set(key, script)
  }
  return script
}
