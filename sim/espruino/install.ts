import { installAnalog } from "./adc"
import { installConsole } from "./console"
import { installE } from "./e"
import { installGlobals, storedModule } from "../console/globals"
import { installFlashStorage } from "./storage"
import { installI2c } from "./i2c"
import type { Interpreter } from "./interpreter"
import { installLanguage } from "./language"
import type { Phase } from "./loop"
import { installNeoPixel } from "./neopixel"
import { installNet } from "./net"
import { installOneWire } from "./one-wire"
import { installPins } from "./pins"
import { installProcess } from "./process"
import { installSerial } from "./serial"
import { installTimers } from "./timers"
import { installWatches } from "./watches"
import { installWifi } from "./wifi"

/** Gives a fresh realm the chip's globals; returns the phases of the idle pass in the chip's order. */
export function installAll(interpreter: Interpreter): Phase[] {
  const { realm } = interpreter
  realm.define("global", realm.globalThis)
  installLanguage(interpreter)
  installConsole(interpreter)
  installE(interpreter)
  installProcess(interpreter)
  installPins(interpreter)
  installI2c(interpreter)
  installOneWire(interpreter)
  installAnalog(interpreter)
  const timers = installTimers(interpreter)
  const watches = installWatches(interpreter, timers)
  const serials = installSerial(interpreter)
  const sockets = installNet(interpreter)
  const modules = new Map<string, object>([
    ["net", sockets.module],
    ["Wifi", installWifi(interpreter)],
    ["Storage", installFlashStorage(interpreter)],
    ["neopixel", installNeoPixel(interpreter)],
  ])
  installRequire(interpreter, modules)
  installGlobals(interpreter, modules)
  return [interpreter.terminal, watches, serials, timers, sockets, interpreter.events]
}

const NO_TLS = "TLS is not simulated: plain TCP in its place. A broker reached with --broker must have a plain port."

function installRequire(interpreter: Interpreter, modules: Map<string, object>): void {
  const require = interpreter.native("require", (name: string) => {
    if (name === "tls") interpreter.log("warn", NO_TLS)
    const module = modules.get(name === "tls" ? "net" : String(name)) ?? storedModule(interpreter, String(name))
    if (!module) throw interpreter.error("Error", `Module "${name}" not found`)
    modules.set(String(name), module)
    return module
  })
  interpreter.realm.define("require", require)
}
