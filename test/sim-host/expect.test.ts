import { describe, expect, it } from "vitest"
import { advance, expectMessage, expectNoMessage, expectPin, until } from "../../tools/sim"
import type { House } from "../../sim/house"
import { oneBoard } from "../sim/fixture"

/** Says "tick 21 °C" every second over a house's broker, and blinks for 1 ms every two seconds. */
function ticking(): House {
  const { house } = oneBoard("setInterval(function () { digitalPulse(D16, 1, 1); }, 2000)", {
    parts: [{ name: "relay", part: "relay", pins: { coil: 16 } }],
  })
  const tick = (count: number) =>
    house.clock.after(1_000_000, () => {
      house.broker.publish("room/tick", JSON.stringify({ count, air: { warm: true }, text: "21 °C" }))
      tick(count + 1)
    })
  tick(1)
  return house
}

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => Promise.reject(new Error("did not fail")),
    (error: Error) => error,
  )

describe("expectMessage", () => {
  it("gives the first message that fits, and turns no further", async () => {
    const house = ticking()
    const message = await expectMessage(house, "room/tick", { payload: { count: 3 } })
    expect(message.payload).toContain('"count":3')
    expect(message.atUs).toBe(3e6)
    expect(house.nowUs).toBeLessThan(3.02e6)
  })

  it.each([
    ["fields, also of fields", { air: { warm: true }, text: "21 °C" }],
    ["a pattern, whatever its flags", /21 °C/g],
    ["a question", (text: string) => text.includes("°")],
    ["the whole text", '{"count":1,"air":{"warm":true},"text":"21 °C"}'],
    ["nothing", undefined],
  ])("takes %s", async (_, payload) => {
    const message = await expectMessage(ticking(), "+/tick", { payload, within: "1s" })
    expect(message.topic).toBe("room/tick")
  })

  it.each([
    [{ count: 2 }, 'with {"count":2}'],
    [{ air: { warm: true, wet: true } }, "with"],
    ["21", "with 21"],
    [/^21/, "with /^21/"],
    [() => false, "that its function accepts"],
  ])("does not take %j", async (payload, text) => {
    const { message } = await failureOf(expectMessage(ticking(), "room/#", { payload, within: "1500ms" }))
    expect(message).toContain(`expected a message on "room/#" ${text}`)
    expect(message).toContain("within 1500ms; there came one other:\n  +1.000 s  {")
  })

  it("does not count what came before", async () => {
    const house = ticking()
    await advance(house, "1500ms")
    expect((await expectMessage(house, "room/tick")).atUs).toBe(2e6)
  })

  it("fails with an aligned timeline of what happened, relative to the call, and the caller's stack alone", async () => {
    const house = ticking()
    await advance(house, "1500ms")
    const error = await failureOf(expectMessage(house, "lamp", { within: { us: 1_000_000 } }))
    expect(error.name).toBe("ExpectationError")
    expect(error.message).toBe(`expected a message on "lamp" within 1 s

The last events, by the time of the call:
  -1.500 s  board  boots (power, boot 1)
  -0.500 s  house  → room/tick {"count":1,"air":{"warm":true},"text":"21 °C"}
  +0.500 s  house  → room/tick {"count":2,"air":{"warm":true},"text":"21 °C"}
`)
    expect(error.stack).toMatch(/^ExpectationError: expected a message[^]*\n {4}at .*expect\.test\.ts:\d+/)
    expect(error.stack).not.toContain("tools/sim")
  })
})

describe("expectNoMessage", () => {
  it("turns for as long as it is told", async () => {
    const house = ticking()
    await expectNoMessage(house, "room/tick", { for: "900ms" })
    await expectNoMessage(house, "room/tick", { payload: { count: 9 }, for: "3s" })
    expect(house.nowUs).toBe(3.9e6)
  })

  it("fails with the message that came", async () => {
    const { message } = await failureOf(expectNoMessage(ticking(), "room/tick", { payload: { count: 2 } }))
    expect(message).toMatch(
      /^expected no message on "room\/tick" with \{"count":2\} for 1min, but at \+2\.000 s there came room\/tick \{"count":2,/,
    )
  })
})

describe("expectPin", () => {
  it("looks now, or waits for a state however short", async () => {
    const house = ticking()
    await advance(house, "1s")
    await expectPin(house, "board.GPIO16", "low")
    await expectPin(house, "board.GPIO16", "high", { within: "5s" })
    expect(house.nowUs).toBeLessThan(2.4e6)
  })

  it("knows PWM by its duty", async () => {
    const { house } = oneBoard("analogWrite(D16, 0.25)")
    await advance(house, "1s")
    await expectPin(house, "board.GPIO16", 0.25)
    await expectPin(house, "board.GPIO16", "pwm")
    const { message } = await failureOf(expectPin(house, "board.GPIO16", 0.5))
    expect(message).toMatch(/^expected board\.GPIO16 pwm 50 %; it is pwm 24\.9 %/)
  })

  it("fails with the pin's own edges in the timeline", async () => {
    const house = ticking()
    const { message } = await failureOf(expectPin(house, "board.GPIO16", "conflict", { within: "2500ms" }))
    expect(message).toMatch(/^expected board\.GPIO16 conflict within 2500ms; it is low\n/)
    expect(message).toMatch(/\+2\.350 s {2}board {2}GPIO16 rise\n +\+2\.351 s {2}board {2}GPIO16 fall/)
  })

  it.each([
    ["board.GPIO17", /nothing is at pin "GPIO17" of "board"; in use: GPIO16/],
    ["bord.GPIO16", /no device "bord"/],
    ["board", /nothing is at pin ""/],
  ])("says what is wrong with %s", async (pin, reason) => {
    await expect(expectPin(ticking(), pin, "low")).rejects.toThrow(reason)
  })
})

describe("until", () => {
  it("turns until it holds", async () => {
    const house = ticking()
    await until(house, (h) => h.broker.messages.length === 2)
    expect(house.nowUs).toBeLessThan(2.02e6)
  })

  it("says what did not happen", async () => {
    const { message } = await failureOf(until(ticking(), () => false, { within: "2s", what: "the flood" }))
    expect(message).toMatch(/^the flood did not happen within 2s\n/)
  })
})

it("after a restore the timeline shows this run, and nothing of the other", async () => {
  const { house } = oneBoard("print('up')")
  await advance(house, "1s")
  const point = house.snapshot()
  house.fault("wifi: drop @ 5s")
  await advance(house, "10s")
  await house.restore(point)
  const { message } = await failureOf(expectMessage(house, "a", { within: "1s" }))
  expect(message).toContain("up")
  expect(message).not.toContain("drop")
})

it("names topics near a misspelt one that did come, and refuses at once what is no filter", async () => {
  const house = ticking()
  const { message } = await failureOf(expectMessage(house, "room/tik", { within: "3s" }))
  expect(message).toContain('near it there came "room/tick"')
  const { nowUs } = house
  await expect(async () => expectMessage(house, "a/+/x/#/y")).rejects.toThrow('"a/+/x/#/y" is no topic filter')
  expect(house.nowUs).toBe(nowUs)
})
