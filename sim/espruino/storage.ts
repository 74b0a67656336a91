import { crcOf, toByteString } from "./e"
import type { Interpreter } from "./interpreter"
import { jsonParse, jsonStringify } from "./json"

/** require("Storage"): the interpreter's view of the flash. */
export function installFlashStorage(interpreter: Interpreter): object {
  const { realm, machine } = interpreter
  const { flash } = machine
  const readJson = (name: string, isQuiet?: boolean) => {
    const text = flash.read(String(name))
    if (text === undefined) return undefined
    try {
      return jsonParse(text, interpreter)
    } catch (error) {
      if (isQuiet && interpreter.isAlive) return undefined
      throw error
    }
  }
  const write = (name: string, data: unknown, offset?: number, size?: number) => {
    const isObject =
      typeof data === "object" && data !== null && typeof (data as { length?: number }).length !== "number"
    const bytes = isObject ? jsonStringify(data)! : toByteString(data)
    if (bytes.length === 0) throw interpreter.error("Error", "Can't create zero length file")
    const problem = flash.write(String(name), bytes, offset, size)
    if (problem) throw interpreter.error("Error", problem)
    return true
  }
  const methods: Record<string, (...args: never[]) => unknown> = {
    read: (name: string, offset = 0, length?: number) => {
      return flash.read(String(name))?.slice(offset, length === undefined ? undefined : offset + length)
    },
    readJSON: readJson,
    readArrayBuffer: (name: string) => {
      const data = flash.read(String(name))
      return data === undefined ? undefined : realm.bytes(data).buffer
    },
    write,
    writeJSON: (name: string, value: unknown) => write(name, jsonStringify(value)),
    erase: (name: string) => flash.erase(String(name)),
    eraseAll: () => flash.eraseAll(),
    list: (filter?: RegExp | string) => realm.array(flash.list().filter((name) => matches(filter, name))),
    hash: (filter?: RegExp | string) =>
      crcOf(
        flash
          .list()
          .filter((name) => matches(filter, name))
          .map((name) => name + flash.read(name))
          .join(),
      ),
    compact: () => flash.compact(),
    getFree: () => flash.freeBytes,
    getStats: () => {
      const { totalBytes, freeBytes, garbageBytes: trashBytes } = flash
      const fileBytes = totalBytes - freeBytes - trashBytes
      return realm.object({ totalBytes, freeBytes, fileBytes, fileCount: flash.list().length, trashBytes })
    },
  }
  const module = realm.object({} as Record<string, unknown>)
  for (const [name, body] of Object.entries(methods)) module[name] = interpreter.native(name, body as never)
  return module
}

/** By shape: a pattern of the program's realm is no instance of the host's RegExp. */
function matches(filter: RegExp | string | undefined, name: string): boolean {
  if (filter === undefined) return true
  return typeof filter === "string" ? filter === name : filter.test(name)
}
