import type { Interpreter } from "./interpreter"

/** process.memory(), told when it is not what it was at the last call, from the memory model, process.env as an ESP32 of release 2v29 prints it. */
export function installProcess(interpreter: Interpreter): void {
  const { realm, memory, machine } = interpreter
  let told: number | undefined
  const read = () => {
    const { used, total } = memory
    if (used !== told) interpreter.effect(() => machine.tell({ kind: "memory", used, total }))
    told = used
    return realm.object({ free: total - used, usage: used, total, history: 0, gc: 0, gctime: 3.3, blocksize: 14 })
  }
  const env = realm.object({
    VERSION: "2v29",
    BOARD: "ESP32",
    CHIP: machine.board.chip,
    RAM: 524288,
    FLASH: 0,
    SERIAL: machine.mac.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    CONSOLE: "Serial1",
  })
  realm.define("process", realm.object({ memory: interpreter.native("memory", read), env, version: "2v29" }))
}
