import { describe, expect, test } from "vitest"
import { Button } from "../../../sim/parts/button"
import { BOARD, collect, logsOf, oneBoard, valueOf } from "../fixture"

async function pinsAfter(program: string) {
  const { house, board } = oneBoard(program)
  await house.advance("400ms")
  return { house, board, pins: board.pins }
}

describe("digital", () => {
  test("digitalWrite makes an output, unless pinMode was called", async () => {
    const { pins } = await pinsAfter(
      "digitalWrite(4, 1); pinMode(5, 'opendrain'); digitalWrite(5, 1); pinMode(13, 'opendrain_pullup'); digitalWrite(13, 1)",
    )
    expect([pins.GPIO4.state, pins.GPIO5.state, pins.GPIO13.state]).toEqual(["high", "float", "high"])
  })

  test("pinMode 'output' on a fresh pin drives low, 'auto' gives it back", async () => {
    const { pins } = await pinsAfter(
      "pinMode(4, 'output'); pinMode(5, 'output'); pinMode(5); digitalWrite(5, 1); print(getPinMode(5))",
    )
    expect([pins.GPIO4.state, pins.GPIO5.state]).toEqual(["low", "high"])
  })

  test("arrays: the lowest bit is the last pin, and true means all", async () => {
    expect((await pinsAfter("digitalWrite([4, 5, 13], 6)")).pins).toMatchObject({
      GPIO4: { level: 1 },
      GPIO5: { level: 1 },
      GPIO13: { level: 0 },
    })
    expect((await pinsAfter("digitalWrite([4, 5], true)")).pins).toMatchObject({
      GPIO4: { level: 1 },
      GPIO5: { level: 1 },
    })
    expect(
      await valueOf("(digitalWrite([4, 5], 2), pinMode(4, 'output'), pinMode(5, 'output'), digitalRead([4, 5]))"),
    ).toBe("2")
  })

  test("digitalRead sees pulls, and an unwired pin reads low", async () => {
    expect(
      await logsOf(
        "pinMode(4, 'input_pullup'); print(digitalRead(4)); pinMode(4, 'input_pulldown'); print(digitalRead(4)); print(digitalRead(5))",
      ),
    ).toEqual(["1", "0", "0"])
  })

  test("input-only pins drive nothing", async () => {
    const { pins } = await pinsAfter("digitalWrite(34, 1); pinMode(35, 'input_pullup'); digitalRead(35)")
    expect([pins.GPIO34.state, pins.GPIO35.state]).toEqual(["float", "float"])
  })

  test("digitalPulse returns at once, pulses exactly, and queues behind itself", async () => {
    const { house, board } = oneBoard("digitalPulse(4, 1, [1.5, 2, 0.5]); digitalPulse(4, 1, 3); print(getTime())")
    const edges = collect(house, "pin")
    await house.advance("400ms")
    expect(board.logs[0].text).toBe("0.35")
    expect(edges.map((edge) => [edge.level, edge.atUs - 350_000])).toEqual([
      ["rise", 0],
      ["fall", 1500],
      ["rise", 3500],
      ["fall", 4000],
      ["rise", 4000],
      ["fall", 7000],
    ])
  })

  test.each(["digitalWrite(99, 1)", "pinMode({}, 'input')", "digitalRead(undefined)"])(
    "%s is an invalid pin",
    async (call) => {
      expect(await logsOf(`try { ${call} } catch (e) { print(e.message) }`)).toEqual(["Invalid pin"])
    },
  )

  test("an unknown mode throws", async () => {
    expect(await logsOf("try { pinMode(4, 'pull-up') } catch (e) { print(e.message) }")).toEqual(["Unknown pin mode"])
  })

  test("pins of the flash chip raise a fault", async () => {
    const { house } = oneBoard("digitalWrite(6, 1)")
    const faults = collect(house, "fault")
    await house.advance("400ms")
    expect(faults[0].reason).toBe("GPIO6 belongs to the flash chip")
  })
})

describe("PWM", () => {
  test("duty is quantised to 10 bits, clipped, at 5 kHz or the frequency asked for", async () => {
    const { pins } = await pinsAfter(
      "analogWrite(16, 0.5); analogWrite(17, 7, { freq: 100 }); analogWrite(18, 0.1, { soft: true })",
    )
    expect(pins.GPIO16.pwm).toEqual({ duty: 511 / 1023, frequencyHz: 5000 })
    expect(pins.GPIO17.pwm).toEqual({ duty: 1, frequencyHz: 100 })
    expect(pins.GPIO18.pwm!.frequencyHz).toBe(50)
  })

  test("a digitalWrite ends it", async () => {
    const { pins } = await pinsAfter("analogWrite(16, 0.5); digitalWrite(16, 1)")
    expect(pins.GPIO16).toEqual({ level: 1, state: "high", pwm: undefined })
  })

  test("trap: the sixth pin at 5 kHz and the fourth at another frequency get only a console error", async () => {
    const program =
      "[4, 5, 13, 14, 16, 17].forEach(function (p) { analogWrite(p, 0.5) }); [18, 19, 21, 22].forEach(function (p) { analogWrite(p, 0.5, { freq: 100 + p }) })"
    expect(await logsOf(program)).toEqual(["pwm: no channel left for GPIO17", "pwm: no channel left for GPIO22"])
  })

  test("trap: a C3 has LEDC channels for one pin at another frequency", async () => {
    const program = "[4, 5].forEach(function (p) { analogWrite(p, 0.5, { freq: 100 + p }) })"
    const board = { ...BOARD, firmware: { adcUnits: [1], pwm: { common: 5, own: 1 } } }
    expect(await logsOf(program, "2s", { board })).toEqual(["pwm: no channel left for GPIO5"])
  })
})

describe("the firmware's button BTN1", () => {
  const withButton = (firmwareButton: "inverted" | "input") => ({
    board: { ...BOARD, pins: { ...BOARD.pins, GPIO0: { ...BOARD.pins.GPIO0, bootPullUp: true, firmwareButton } } },
  })

  test("trap: on the classic ESP32 it is written inverted, pulses included", async () => {
    const { house, board } = oneBoard("digitalWrite(0, 1); print(digitalRead(4))", withButton("inverted"))
    await house.advance("400ms")
    expect(board.pins.GPIO0.level).toBe(0)
    const lamp = oneBoard("analogWrite(0, 0.25)", withButton("inverted"))
    await lamp.house.advance("400ms")
    expect(lamp.board.pins.GPIO0.pwm!.duty).toBeCloseTo(0.75, 2)
  })

  test("trap: it is read and watched inverted: pressed to ground it is high", async () => {
    const { house, board } = oneBoard(
      "print(digitalRead(0)); setWatch(function (e) { print(e.state) }, 0, { repeat: true, edge: 'both' })",
      { ...withButton("inverted"), parts: [{ name: "button", part: "button", pins: { contact: 0 } }] },
    )
    board.part("button", Button).bounceMs = 0
    house.clock.at(500_000, () => (board.part("button", Button).pressed = true))
    await house.advance("1s")
    expect(board.logs.map(({ text }) => text)).toEqual(["0", "true"])
  })

  test("trap: on C3 and S3 digitalWrite leaves it an input with pull-up, pinMode does not", async () => {
    const { house, board } = oneBoard("digitalWrite(0, 0)", withButton("input"))
    await house.advance("400ms")
    expect(board.pins.GPIO0).toMatchObject({ level: 1, state: "high" })
    const told = oneBoard("pinMode(0, 'output'); digitalWrite(0, 0)", withButton("input"))
    await told.house.advance("400ms")
    expect(told.board.pins.GPIO0.level).toBe(0)
  })
})

describe("reset", () => {
  test("pins float from power-on until the firmware starts, which pulls some of them up", async () => {
    const { house, board } = oneBoard("", { parts: [{ name: "relay", part: "button", pins: { contact: 12 } }] })
    board.chip.gpio.find(12)!.net.drive(board.parts.relay, { kind: "float" })
    await house.advance("300ms")
    expect(board.chip.gpio.find(12)!.hardware).toBe("undefined")
    await house.advance("100ms")
    expect(board.chip.gpio.find(12)!.hardware).toBe("input_pullup")
  })

  test("a pulse that a reboot cut short does not delay the next one", async () => {
    const { house, board } = oneBoard("digitalPulse(4, 1, 5000)")
    await house.advance("400ms")
    board.reboot()
    await house.advance("400ms")
    expect(board.pins.GPIO4.level).toBe(1)
  })

  test("a reboot lets go of outputs", async () => {
    const { house, board } = oneBoard(
      "if (!require('Storage').read('x')) { require('Storage').write('x', '1'); digitalWrite(4, 1) }",
    )
    await house.advance("400ms")
    expect(board.pins.GPIO4.level).toBe(1)
    board.reboot()
    await house.advance("1s")
    expect(board.pins.GPIO4.state).toBe("float")
  })
})

test("two strong drivers on a wire are a fault", async () => {
  const { house, board } = oneBoard("digitalWrite(4, 1)")
  const faults = collect(house, "fault")
  board.chip.gpio.find(4)!.net.drive({}, { kind: "strong", level: 0 })
  await house.advance("400ms")
  expect(faults.map((fault) => fault.reason)).toEqual(["GPIO4 is driven high and low at once"])
})
