import type { Callee, Interpreter } from "./interpreter"
import type { Flash } from "./flash"

/** What starts a program, besides power: which of the boot files run, and whether the console greets. */
export interface Start {
  /** Behind the reset pin, the power or a watchdog; not behind reset() or load(). */
  isFirst: boolean
  /** reset() and load(file) leave .bootcde alone. */
  isReset: boolean
  /** load(file). */
  file?: string
}

export const POWER_ON: Start = { isFirst: true, isReset: false }

/** In the firmware's order (jsfLoadBootCodeFromFlash in src/jsflash.c, Espruino 2v29); the file of load() comes behind the greeting. */
function bootFiles(flash: Flash, { isFirst, isReset }: Start): [name: string, code: string][] {
  const found = (name: string): [string, string][] => {
    const code = flash.read(name)
    return code === undefined ? [] : [[name, code]]
  }
  const reset = found(".bootrst")
  return [
    ...(isFirst ? found(".bootPowerOn") : []),
    ...[0, 1, 2, 3].flatMap((number) => found(`.boot${number}`)),
    ...(reset.length || isReset ? reset : found(".bootcde")),
  ]
}

/** jsiSemiInit and jsiSoftInit: files, handlers of E's init, onInit, and the greeting where no code is in flash. */
export function boot(interpreter: Interpreter, start: Start): void {
  const { realm, emitter, machine, terminal } = interpreter
  if (!start.isFirst) terminal.goOn()
  const run = (callee: Callee) => interpreter.run("boot", callee, undefined, [])
  const evaluate = (name: string, code: string) => {
    interpreter.memory.hold(code)
    run(() => realm.evaluate(code, name))
  }
  for (const [name, code] of bootFiles(machine.flash, start)) evaluate(name, code)
  for (const handler of emitter.handlers(realm.global("E"), "init")) run(handler)
  const onInit = realm.global("onInit")
  if (typeof onInit === "function") run(onInit as Callee)
  if (interpreter.isAlive) terminal.greet(greets(machine.flash, start))
  const code = start.file === undefined ? undefined : machine.flash.read(start.file)
  if (code !== undefined) evaluate(start.file!, code)
  interpreter.loop.wake()
}

/** No banner where the flash holds code that was loaded by itself; load() without a file says nothing at all. */
function greets(flash: Flash, { isFirst, isReset }: Start): "banner" | "line" | "nothing" {
  if (isReset) return "banner"
  if (!isFirst) return "nothing"
  return [".bootcde", ".bootrst"].some((name) => flash.read(name) !== undefined) ? "line" : "banner"
}
