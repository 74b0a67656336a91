import { describe, expect, test } from "vitest"
import type { PartSpec } from "../../sim/device"
import type { House } from "../../sim/house"
import { home } from "../scenarios/home"
import { oneBoard } from "./fixture"

const PARTS: PartSpec[] = [
  { name: "dht22", part: "dht22", pins: { data: 4 } },
  { name: "button", part: "button", pins: { contact: 17 } },
]
/** Blinks, draws, logs presses, and keeps a count of its boots in Storage. */
const PROGRAM = `
  var s = require("Storage"), boots = +(s.read("boots") || 0) + 1;
  s.write("boots", "" + boots);
  print("boot " + boots + " " + Math.random());
  setInterval(function () { digitalWrite(D16, !digitalRead(D16)); }, 700);
  setWatch(function (e) { print("button " + e.state); }, D17, { repeat: true, edge: "both", debounce: 20 });`

const bench = (seed = 1) => oneBoard(PROGRAM, { parts: PARTS, seed }).house
const press = (house: House) => house.act((h) => h.device("board").part("button").press())

describe("restore", () => {
  test("brings the house to where it was, and from there the same happens again", async () => {
    const house = bench()
    await house.advance("5s")
    const point = house.snapshot()
    const view = house.view()
    await house.advance("10s")
    const after = [...house.trace]
    await house.restore(point)
    expect(house.nowUs).toBe(5e6)
    expect(house.view()).toEqual(view)
    expect(house.trace).toHaveLength(point.events)
    await house.advance("10s")
    expect(house.trace).toEqual(after)
  })

  test("does again what was done from outside, by act and by fault, at its time", async () => {
    const house = bench()
    await house.advance("1500ms")
    press(house)
    house.fault("board.GPIO16: stuck-high @ 3s for 1s")
    await house.advance("3200ms")
    house.fault("board: brown-out 100ms")
    await house.advance("5s")
    const point = house.snapshot()
    await house.advance("1min")
    await house.restore(point)
    expect(house.device("board").logs.map(({ text }) => text)).toContain("button true")
    expect(house.snapshot()).toMatchObject({ hash: point.hash, events: point.events, step: point.step })
  })

  test("goes to and fro between branches", async () => {
    const house = bench()
    await house.advance("2s")
    const before = house.snapshot()
    press(house)
    await house.advance("2s")
    const pressed = house.snapshot()
    await house.restore(before)
    await house.advance("2s")
    const quiet = house.snapshot()
    expect(quiet.hash).not.toBe(pressed.hash)
    await house.restore(pressed)
    expect(house.trace.some((line) => line.includes("is pressed"))).toBe(true)
    await house.restore(quiet)
    expect(house.trace.some((line) => line.includes("is pressed"))).toBe(false)
  })

  test("knows acts that are many at one instant, and those of listeners", async () => {
    const house = bench()
    let presses = 0
    house.on((event) => {
      if (event.kind === "pin" && event.pin === "GPIO16" && event.level === "rise" && presses++ < 3) press(house)
    })
    await house.advance("2s")
    press(house)
    house.act((h) => (h.device("board").parts.dht22.temperatureC = 30))
    press(house)
    await house.advance("3s")
    const point = house.snapshot()
    await house.advance("1s")
    await house.restore(point)
    expect(house.device("board").parts.dht22.temperatureC).toBe(30)
    expect(house.snapshot().hash).toBe(point.hash)
  })

  test("listeners go on hearing, but not what they have heard", async () => {
    const house = bench()
    const heard: number[] = []
    house.on((event) => heard.push(event.atUs))
    await house.advance("5s")
    const point = house.snapshot()
    const before = heard.length
    await house.restore(point)
    expect(heard).toHaveLength(before)
    await house.advance("1s")
    expect(heard.length).toBeGreaterThan(before)
  })

  test("says so when the house was changed behind its back, and where it shows", async () => {
    const house = bench()
    await house.advance("2s")
    house.device("board").part("button").press()
    await house.advance("2s")
    const point = house.snapshot()
    const restoring = house.restore(point)
    await expect(restoring).rejects.toThrow(/changed outside house\.act.*up to 4 s came out otherwise/s)
    await expect(restoring).rejects.toThrow(/before: 2000000us board button is pressed/)
  })

  test("does what threw again, without throwing", async () => {
    const house = bench()
    expect(() => house.fault("board.dht22: mising")).toThrow("missing")
    expect(() =>
      house.act((h) => {
        h.device("board").part("button").press()
        throw new Error("after it")
      }),
    ).toThrow("after it")
    await house.advance("2s")
    const point = house.snapshot()
    await house.restore(point)
    expect(house.snapshot().hash).toBe(point.hash)
  })

  test("ends an endless loop again", async () => {
    const { house } = oneBoard("setTimeout(function () { for (;;) {} }, 1000)", { limits: { hostMs: 50 } })
    await house.advance("2s")
    const point = house.snapshot()
    expect(house.device("board").chip.state).toBe("halted")
    await house.restore(point)
    expect(house.device("board").chip.state).toBe("halted")
  })
})

describe("going back", () => {
  test("step by step shows each event's cause still to come", async () => {
    const house = bench()
    await house.advance("3s")
    const whole = [...house.trace]
    const lengths: number[] = []
    while (house.trace.length > 0) {
      await house.stepBack()
      lengths.push(house.trace.length)
      expect(house.trace).toEqual(whole.slice(0, house.trace.length))
    }
    expect(lengths).toEqual([...new Set(lengths)])
    await house.stepBack()
    await house.advance("3s")
    expect(house.trace).toEqual(whole)
  })

  test("several steps at once are as many single ones", async () => {
    const [one, many] = [bench(), bench()]
    for (const house of [one, many]) await house.advance("5s")
    for (let i = 0; i < 4; i++) await one.stepBack()
    await many.stepBack(4)
    expect([many.trace.length, many.nowUs]).toEqual([one.trace.length, one.nowUs])
  })

  test("takes back what was done from outside then, and only that", async () => {
    const house = bench()
    await house.advance("1s")
    press(house)
    await house.advance("1s")
    house.fault("wifi: drop")
    await house.stepBack()
    expect(house.network.wifi.isUp).toBe(true)
    expect(house.trace.at(-1)).not.toContain("drop")
    expect(house.trace.some((line) => line.includes("is pressed"))).toBe(true)
    const point = house.snapshot()
    await house.advance("1s")
    await house.restore(point)
  })

  test("to a time or to an event", async () => {
    const house = bench()
    await house.advance("10s")
    const whole = [...house.trace]
    await house.rewindTo("2500ms")
    expect(house.nowUs).toBe(2.5e6)
    expect(house.trace).toEqual(whole.filter((line) => parseInt(line) <= 2.5e6))
    await house.rewindTo({ event: 3 })
    expect(house.trace).toEqual(whole.slice(0, house.trace.length))
    expect(house.trace.length).toBeGreaterThanOrEqual(3)
    await expect(house.rewindTo("1h")).rejects.toThrow("is still to come")
    await expect(house.rewindTo({ event: 1000 })).rejects.toThrow(/no event 1000; there are 1 to \d/)
  })
})

describe("a house that cannot go back says why", () => {
  test.each([
    [{ trace: false }, /keeps no trace/],
    [{ broker: { host: "127.0.0.1", port: 1 } }, /the broker at mqtt:\/\/127\.0\.0\.1:1 is a real one/],
  ])("%j", async (options, reason) => {
    const { house } = oneBoard("", options)
    expect(() => house.snapshot()).toThrow(reason)
    await expect(house.stepBack()).rejects.toThrow(reason)
    await house.close()
  })

  test("an open port", async () => {
    const house = bench()
    await house.broker.listen(0)
    expect(() => house.snapshot()).toThrow(/open to outside clients at mqtt:/)
    await house.close()
  })

  test("an act that waits is refused", () => {
    const house = bench()
    expect(() => house.act(async () => undefined)).toThrow("may not be asynchronous")
  })
})

test("two boards come back to any minute of an hour, retained messages and sessions included", async () => {
  const { house } = await home({ trace: true })
  await house.advance("10min")
  const point = house.snapshot()
  const [view, messages] = [house.view(), [...house.broker.messages]]
  await house.advance("50min")
  await house.restore(point)
  expect(house.view()).toEqual(view)
  expect(house.broker.messages).toEqual(messages)
})

test("a house without events says that there are none yet", async () => {
  await expect(oneBoard("", { isOff: true }).house.rewindTo({ event: 1 })).rejects.toThrow("there are none yet")
})
