import type { Interpreter } from "../espruino/interpreter"
import { RELAXED, show } from "./show"

/** What the language of the chip offers to a console: echo, E.toJS, and modules that a line or a program adds. */
export function installGlobals(interpreter: Interpreter, modules: Map<string, object>): void {
  const { realm, terminal } = interpreter
  const native = (name: string, body: (...args: never[]) => unknown) => interpreter.native(name, body as never)
  realm.define(
    "echo",
    native("echo", (isOn: unknown) => terminal.setEcho(Boolean(isOn))),
  )
  const E = realm.global("E") as Record<string, unknown>
  E["toJS"] = native("toJS", (value: unknown) =>
    interpreter.pure(() => show(value, RELAXED, (each) => realm.nameOf(each))),
  )
  E["getConsole"] = native("getConsole", () => "Serial1")
  E["setConsole"] = native("setConsole", () => undefined)
  const object = realm.object({} as Record<string, unknown>)
  object["addCached"] = native("addCached", (name: unknown, code: unknown) => {
    modules.set(
      String(name),
      typeof code === "function" ? exportsOf(interpreter, code) : evaluated(interpreter, String(code)),
    )
  })
  object["removeCached"] = native("removeCached", (name: unknown) => void modules.delete(String(name)))
  object["removeAllCached"] = native("removeAllCached", () => undefined)
  object["getCached"] = native("getCached", () => realm.array([...modules.keys()]))
  realm.define("Modules", object)
  realm.define(
    "eval",
    native("eval", (code: unknown) => {
      if (typeof code !== "string") return code
      if (interpreter.machine.stage.kind === "boot") interpreter.memory.hold(code)
      return interpreter.pure(() => realm.evaluate(code, "eval"))
    }),
  )
}

/** require() of a name that is neither added nor built in: a file of Storage with just this name (src/jswrap_modules.c). */
export function storedModule(interpreter: Interpreter, name: string): object | undefined {
  const code = interpreter.machine.flash.read(name)
  return code === undefined ? undefined : evaluated(interpreter, code)
}

function evaluated(interpreter: Interpreter, code: string): object {
  const wrapped = interpreter.pure(() => interpreter.realm.evaluate(`(function(exports,module){${code}\n})`))
  return exportsOf(interpreter, wrapped as never)
}

function exportsOf(interpreter: Interpreter, body: unknown): object {
  const { realm } = interpreter
  const module = realm.object({ exports: realm.object({}) })
  interpreter.pure(() => Reflect.apply(body as () => void, module.exports, [module.exports, module]))
  return module.exports
}
