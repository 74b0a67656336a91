import { rejectionText } from "../console/stack"
import type { Callee, Interpreter } from "./interpreter"
import { jsonParse, jsonStringify } from "./json"
import { COST } from "./memory"
import { toFixed } from "./number"

/** What the prelude needs of the host, and the globals that are plain functions of the language. */
export function installLanguage(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  const native = <A extends unknown[]>(name: string, body: (...args: A) => unknown) => interpreter.native(name, body)
  realm.supply({
    nowMs: native("now", () => (interpreter.localUs - machine.clockZeroUs) / 1000),
    random: native("random", () => interpreter.random.next()),
    toFixed: native("toFixed", (value: number, digits: number) => toFixed(value, digits)),
    jsonParse: native("parse", (text: string) => interpreter.pure(() => jsonParse(text, interpreter))),
    jsonStringify: native("stringify", (value: unknown, space?: number) =>
      interpreter.pure(() => jsonStringify(value, space)),
    ),
    queue: native("queue", (job: Callee) => interpreter.events.push([job], undefined, [])),
    promise: native("promise", () => interpreter.take(COST.promise)),
    unhandled: native("unhandled", (error: unknown) =>
      interpreter.log("error", `Unhandled promise rejection: ${realm.describe(error)}`, rejectionText(error, realm)),
    ),
  })
  realm.define(
    "atob",
    native("atob", (text: string) => Buffer.from(text, "base64").toString("latin1")),
  )
  realm.define(
    "btoa",
    native("btoa", (bytes: string) => Buffer.from(bytes, "latin1").toString("base64")),
  )
  installTime(interpreter)
}

/** Seconds since power-on, or since what setTime said. setTime compensates timers, so timers do not move (Espruino 2v29). */
function installTime(interpreter: Interpreter): void {
  const { realm, machine } = interpreter
  realm.define(
    "getTime",
    interpreter.native("getTime", () => (interpreter.localUs - machine.clockZeroUs) / 1e6),
  )
  const setTime = interpreter.native("setTime", (seconds: number) => {
    machine.clockZeroUs = interpreter.localUs - Math.round(Number(seconds) * 1e6)
  })
  realm.define("setTime", setTime)
}
