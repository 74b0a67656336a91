import type { Interpreter } from "./interpreter"

/** Flags that were raised since the last pass: to the program's handlers first, then to the console. */
export function reportFlags(interpreter: Interpreter): void {
  const { realm, emitter, flags } = interpreter
  const news = flags.news()
  if (!news.length) return
  for (const handler of emitter.handlers(realm.global("E"), "errorFlag"))
    interpreter.run("event", handler, undefined, [realm.array(news)])
  interpreter.log("warn", `New interpreter error: ${news.join(",")}`)
}

/** What the silicon does when the firmware runs over its stack: it says why on the console, and starts anew. */
export function crash(interpreter: Interpreter, why: string): never {
  const { machine } = interpreter
  machine.clock.at(interpreter.localUs, () => {
    machine.tell({ kind: "log", level: "error", text: `crash: ${why}` })
    machine.restart("crash", interpreter)
  })
  return interpreter.leave()
}
