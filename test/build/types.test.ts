import path from "node:path"
import ts from "typescript"
import { describe, expect, it } from "vitest"

const SRC = path.resolve("src")
const SNIPPET = path.join(SRC, "snippet.ts")

const { config } = ts.readConfigFile(path.join(SRC, "tsconfig.json"), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, SRC)
const host = ts.createCompilerHost(options)
const library = host.getSourceFile(path.join(SRC, "espruino-lib.d.ts"), ts.ScriptTarget.ES5)!

/** What the editor would underline in a device file with this text. */
function errorsIn(text: string): string[] {
  const source = ts.createSourceFile(SNIPPET, `export {}\n${text}`, ts.ScriptTarget.ES5)
  const files = new Map([
    [SNIPPET, source],
    [library.fileName, library],
  ])
  const getSourceFile = (name: string) => files.get(name) ?? files.get(path.normalize(name))
  const program = ts.createProgram([...files.keys()], options, { ...host, getSourceFile })
  const found = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ]
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "))
}

/** [what an author might type, a part of the message that must answer it] */
const REFUSED: [text: string, message: RegExp][] = [
  ["new Map()", /'Map'/],
  ["new Set([1])", /'Set'/],
  ["new WeakMap()", /'WeakMap'/],
  ["Symbol('a')", /'Symbol'/],
  ["Array.from([1])", /'from'/],
  ["[1].at(-1)", /'at'/],
  ["[[1]].flat()", /'flat'/],
  ["[1].findLast((x) => x > 0)", /'findLast'/],
  ["Math.trunc(1.5)", /'trunc'/],
  ["Number.isInteger(1)", /'isInteger'/],
  ["Object.freeze({})", /'freeze'/],
  ["'a'.codePointAt(0)", /'codePointAt'/],
  ["'a'.trimStart()", /'trimStart'/],
  ["'a,b'.split(',', 1)", /Expected 0-1 arguments/],
  ["Array.prototype.slice.call([])", /'slice'/],
  ["const a = [1]; a.length = 0", /read-only/],
  ["const f = () => 1; f.name", /'name'/],
  ["new Error('x').name", /'name'/],
  ["JSON.parse('1', (k: string, v: number) => v)", /Expected 1 arguments/],
  ["[...'abc']", /not an array/],
  ["1n", /BigInt/],
  ["function* f() {}", /IterableIterator/],
  ["class A { #x = 1; y = this.#x }", /ECMAScript 2015/],
  ["document.title", /'document'/],
  ["window", /'window'/],
  ["fetch('x')", /'fetch'/],
  ["process.exit(1)", /'process'/],
  ["require('fs')", /'require'/],
  ["Buffer.from('x')", /'Buffer'/],
  ["setTimeout(() => {}, 1)", /'setTimeout'/],
  ["console.log(1)", /'console'/],
  ["digitalWrite(1, 1)", /'digitalWrite'/],
  ["Promise.race([])", /'race'/],
  ["new Uint8Array(2).flatMap((x) => [x])", /'flatMap'/],
  ["new Uint8Array(3).slice(1).set([1])", /'set'/],
]

/** What must not be underlined: the modern TypeScript that device code is written in. */
const ACCEPTED = [
  "for (const c of 'abc') c.charCodeAt(0)",
  "for (const [key, value] of Object.entries({ a: 1 })) key.length + value.toFixed(1)",
  "const [a, ...rest] = [1, 2, 3]; const all = [...rest, a]; Math.max(...all)",
  "const { a, ...rest } = { a: 1, b: 2 }; rest.b + a",
  "const o: { a?: { b: number } } = {}; (o.a?.b ?? 2) ** 2",
  "class A { private _x = 1; get x() { return this._x } set x(v) { this._x = v } static make(n = 1) { return new A() } }",
  "class A { f(a: string) { return a } } class B extends A { override f(a: string) { return `${super.f(a)}!` } }",
  "const u = new Uint8Array(8); u.set('text', 2); u.subarray(1, 3)[0] = 1; new Uint24Array(2).fill(1)",
  "const f = function (this: { n: number }, a: number) { return this.n + a }; f.bind({ n: 1 })(2).toFixed(2)",
  "const bound = [1, 2].map(String).join().padStart(8, '0').replace(/\\d/g, (d) => d + d)",
  "const record: Record<string, number> = JSON.parse('{}'); Object.keys(record).forEach((key) => record[key]++)",
  "new Promise<number>((resolve) => resolve(1)).then((n) => n + 1).catch(() => 0)",
  "try { throw new TypeError('x') } catch (error) { String(error) }",
  "type Keys = keyof Omit<{ a: 1; b: 2 }, 'a'>; const k: Keys = 'b'; const p: Partial<Record<Keys, number>> = { [k]: 1 }",
  "const tuple = ['a', 1] as const; const [first, second] = tuple; first.length + second",
  "let x: number | undefined; x ??= 4; x &&= 5; x.toString(16)",
]

describe("the types of device code", () => {
  it.each(REFUSED)("refuse %s", (text, message) => {
    expect(errorsIn(text).join("\n")).toMatch(message)
  })

  it.each(ACCEPTED)("accept %s", (text) => {
    expect(errorsIn(text)).toEqual([])
  })
})
