import { describe, expect, test } from "vitest"
import { LOW, PULL_UP } from "../../../sim/pins/net"
import { logsOf, oneBoard } from "../fixture"

/** A board whose pin 4 somebody else can pull low. */
async function wired(program: string, forTime = "400ms") {
  const { house, board } = oneBoard(program)
  const { net } = board.chip.gpio.find(4)!
  const finger = {}
  net.drive(finger, PULL_UP)
  await house.advance(forTime)
  const logs = () => board.logs.map((log) => log.text)
  return { house, board, net, logs, press: () => net.drive(finger, LOW), release: () => net.drive(finger, PULL_UP) }
}

describe("trap: setWatch forces its pin to input with pull-up", () => {
  test("an output set before it is cancelled", async () => {
    const { house, board } = oneBoard(
      "pinMode(4, 'opendrain'); digitalWrite(4, 0); setWatch(print, 4, { repeat: true })",
    )
    await house.advance("400ms")
    expect(board.pins.GPIO4).toMatchObject({ level: 1, state: "high" })
    expect(board.chip.gpio.find(4)!.mode).toBe("opendrain") // and the firmware still believes it
  })

  test("an output set after it stays, and is still watched", async () => {
    const program =
      "setWatch(function (e) { print(e.state) }, 4, { repeat: true }); digitalWrite(4, 0); setTimeout(function () { digitalWrite(4, 1) }, 5)"
    expect(await logsOf(program)).toEqual(["false", "true"])
  })

  test("so a DHT22 start pulse set up before the watch collapses to nothing", async () => {
    const parts = [{ name: "dht22", part: "dht22", pins: { data: 4 } }]
    const start =
      "digitalWrite(4, 0); var n = 0; setWatch(function () { n++ }, 4, { repeat: true, edge: 'falling' }); setTimeout(function () { pinMode(4, 'input_pullup') }, 1)"
    const wrong = `setTimeout(function () { ${start}; setTimeout(function () { print(n) }, 50) }, 1500)`
    expect(await logsOf(wrong, "3s", { parts })).toEqual(["0"])
    const right = wrong
      .replace("digitalWrite(4, 0); var n", "var n")
      .replace("'falling' });", "'falling' }); digitalWrite(4, 0);")
    expect(await logsOf(right, "3s", { parts })).toEqual(["43"]) // the host's own fall and the 42 of the sensor
  })
})

describe("events", () => {
  test("carry state, time, the time of the change before on either edge, and the pin", async () => {
    const { house, press, release, logs } = await wired(
      "setWatch(function (e) { print(e.state, e.pin, Math.round(e.time * 1e6), e.lastTime === undefined ? 'none' : Math.round((e.time - e.lastTime) * 1e6)) }, 4, { repeat: true, edge: 'falling' })",
    )
    press()
    await house.advance("1ms")
    release()
    await house.advance("26us")
    press()
    await house.advance("1ms")
    expect(logs()).toEqual(["false 4 400000 none", "false 4 401026 26"])
  })

  test("default edge is both, and without repeat there is one event only", async () => {
    const { house, press, release, logs } = await wired(
      "setWatch(function (e) { print('both', e.state) }, 4, true); setWatch(function () { print('once') }, 4)",
    )
    press()
    await house.advance("1ms")
    release()
    await house.advance("1ms")
    expect(logs()).toEqual(["both false", "once", "both true"])
  })

  test("pin D0 defaults to rising with 25 ms debounce", async () => {
    const program = "setWatch(function (e) { print(e.state, Math.round(e.time * 1000)) }, 0, true)"
    const { house, board } = oneBoard(program, { parts: [{ name: "boot", part: "button", pins: { contact: 0 } }] })
    const button = board.parts.boot
    button.bounceMs = 20
    await house.advance("400ms")
    button.press(15)
    await house.advance("100ms")
    expect(board.logs).toEqual([]) // high before, high after: nothing steady has changed
    button.press(100)
    await house.advance("400ms")
    expect(board.logs.map((log) => log.text)).toEqual([expect.stringMatching(/^true 6[0-2]\d$/)])
  })

  test("debounce waits for the level to be steady and dates the event to the edge", async () => {
    const { house, press, release, logs } = await wired(
      "setWatch(function (e) { print(e.state, Math.round(e.time * 1000)) }, 4, { repeat: true, debounce: 10 })",
    )
    for (let i = 0; i < 3; i++) {
      press()
      await house.advance("2ms")
      release()
      await house.advance("2ms")
    }
    press()
    await house.advance("9ms")
    expect(logs()).toEqual([])
    await house.advance("1ms")
    expect(logs()).toEqual(["false 412"])
  })

  test("are lost when 682 wait, and FIFO_FULL is raised", async () => {
    const program = `var n = 0; setWatch(function () { n++ }, 4, true); setTimeout(function () { print(n, E.getErrorFlags().join()) }, 1500);
      setTimeout(function () { try { require("net").connect({ host: "1.2.3.4", port: 1 }) } catch (e) {} }, 100)`
    const { house, board, net, logs } = await wired(program)
    house.network.tcp.line("board").set({ isUp: true })
    house.network.tcp.connectTimeoutMs = 500
    await house.advance("60ms") // into the block
    const finger = {}
    for (let i = 0; i < 700; i++) net.drive(finger, i % 2 ? PULL_UP : LOW)
    await house.advance("2s")
    expect(board.logs.map((log) => log.text)).toContain("682 FIFO_FULL")
    expect(logs().some((text) => text.startsWith("Connect failed"))).toBe(true)
  })
})

describe("misuse", () => {
  test.each([
    ["clearWatch(3)", "Unknown Watch 3"],
    ["clearWatch(undefined)", "clearWatch(undefined) not allowed. Use clearWatch() instead"],
    ["setWatch(print, 4, { edge: 'up' })", "'edge' in setWatch should be 1, -1, 0, 'rising', 'falling' or 'both'"],
    ["setWatch(1, 4)", "Function or String not supplied!"],
  ])("%s throws", async (call, message) =>
    expect(await logsOf(`try { ${call} } catch (e) { print(e.message) }`)).toEqual([message]),
  )

  test("pins that the board's file says cannot be watched are refused, others are not", async () => {
    expect(await logsOf("print(setWatch(print, 12))")).toEqual(["Unable to set watch on this pin", "undefined"])
    expect(await logsOf("print(setWatch(print, 13))")).toEqual(["1"])
  })

  test("the rise of its own pull-up is no event", async () => {
    expect(
      await logsOf(
        "setWatch(function () { print('edge') }, 4, true); setTimeout(function () { print(digitalRead(4)) }, 5)",
      ),
    ).toEqual(["1"])
  })

  test("a watch cleared by an earlier watch of the same edge does not fire", async () => {
    const { house, press, logs } = await wired(
      "var b; setWatch(function () { print('a'); clearWatch(b) }, 4, true); b = setWatch(function () { print('b') }, 4, true)",
    )
    press()
    await house.advance("1ms")
    expect(logs()).toEqual(["a"])
  })
})
