import { afterEach, describe, expect, test, vi } from "vitest"
import { FakeEspruino } from "./espruino"

declare const setWatch: (run: () => void, pin: number, options: object) => number
declare const clearWatch: (id: number) => void
declare const analogWrite: (pin: number, duty: number) => void

afterEach(() => void vi.unstubAllGlobals())

describe("fake Espruino", () => {
  test("writes calls down in their order", () => {
    const espruino = new FakeEspruino().install()
    analogWrite(3, 0.5)
    clearWatch(setWatch(() => undefined, 4, { repeat: true }))
    expect(espruino.calls).toEqual(["analogWrite 3 0.5", 'setWatch 4 {"repeat":true}', "clearWatch 1"])
  })

  test("throws on an unknown watch, as the firmware does", () => {
    new FakeEspruino().install()
    expect(() => clearWatch(7)).toThrow("Unknown Watch")
  })
})
