import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import { openInput } from "../../src/hal/espruino/input"
import { openOutput } from "../../src/hal/espruino/output"
import { openPwm } from "../../src/hal/espruino/pwm"
import { openWire } from "../../src/hal/espruino/wire"
import { FakeEspruino } from "../fakes/espruino"

let espruino: FakeEspruino

beforeEach(() => (espruino = new FakeEspruino().install()))
afterEach(() => void vi.unstubAllGlobals())

describe("a wire", () => {
  test("touches nothing when it is opened", () => {
    openWire(4)
    expect(espruino.calls).toEqual([])
  })

  test("watches falling edges, pulls low as an output, lets go with the pull-up", () => {
    const wire = openWire(4)
    wire.watch(() => undefined)
    wire.low()
    wire.release()
    wire.unwatch()
    expect(espruino.calls).toEqual([
      'setWatch 4 {"repeat":true,"edge":"falling"}',
      "digitalWrite 4 0",
      "pinMode 4 output",
      "pinMode 4 input_pullup",
      "clearWatch 1",
    ])
  })

  test("never leaks a watch: watching again replaces, unwatching twice is harmless", () => {
    const wire = openWire(4)
    wire.watch(() => undefined)
    wire.watch(() => undefined)
    expect(espruino.watches.size).toBe(1)
    wire.unwatch()
    wire.unwatch()
    expect(espruino.watches.size).toBe(0)
  })

  test("bears that the firmware removed its watch when memory ran out, and watches again", () => {
    const wire = openWire(4)
    wire.watch(() => undefined)
    espruino.watches.clear()
    wire.unwatch()
    wire.watch(() => undefined)
    expect(espruino.watches.size).toBe(1)
  })
})

describe("an input", () => {
  test("has its pull-up from the start, and tells debounced levels as yes and no", () => {
    const input = openInput(0)
    const levels: boolean[] = []
    input.watch((isHigh) => levels.push(isHigh))
    espruino.watches.get(1)!({ state: 0 })
    espruino.watches.get(1)!({ state: true })
    expect([levels, input.isHigh()]).toEqual([[false, true], true])
    expect(espruino.calls).toEqual(["pinMode 0 input_pullup", 'setWatch 0 {"repeat":true,"edge":"both","debounce":25}'])
  })
})

describe("outputs", () => {
  test("write through, and nothing before they are told", () => {
    const relay = openOutput(5)
    const lamp = openPwm(6)
    expect(espruino.calls).toEqual([])
    relay.write(true)
    lamp.write(0.25)
    expect(espruino.calls).toEqual(["digitalWrite 5 true", "analogWrite 6 0.25"])
  })
})
