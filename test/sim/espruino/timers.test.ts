import { describe, expect, test } from "vitest"
import { logsOf, oneBoard, online } from "../fixture"

const stamp = "function t(name) { print(name, Math.round((getTime() - start) * 1e6)) } var start = getTime();"

describe("timers", () => {
  test("a timeout runs once, after its time, with its extra arguments", async () => {
    expect(await logsOf(`${stamp} setTimeout(function (a, b) { t(a + b) }, 20, "x", "y")`)).toEqual(["xy 20000"])
  })

  test("the shortest wait is 0.1 ms, also for 0, less and nonsense", async () => {
    const program = `${stamp} setTimeout(t, 0, "zero"); setTimeout(t, -5, "less"); setTimeout(t, undefined, "none"); setTimeout(t, 0.25, "fraction")`
    expect(await logsOf(program)).toEqual(["zero 100", "less 100", "none 100", "fraction 250"])
  })

  test("an interval does not drift and can be changed and cleared", async () => {
    const program = `${stamp} var n = 0, id = setInterval(function () { t("tick"); if (++n == 2) changeInterval(id, 50); if (n == 4) clearInterval(id) }, 10)`
    expect(await logsOf(program)).toEqual(["tick 10000", "tick 20000", "tick 120000", "tick 170000"])
  })

  test("a string body is evaluated", async () => expect(await logsOf("setTimeout('print(6*7)', 5)")).toEqual(["42"]))

  test("clearing an unknown id is harmless, an explicit undefined throws, nothing at all clears everything", async () => {
    const program = `clearTimeout(99); setTimeout(print, 5, "lost"); setInterval(print, 5, "lost too");
      try { clearInterval(undefined) } catch (e) { print(e.message) } clearTimeout()`
    expect(await logsOf(program)).toEqual(["clearInterval(undefined) not allowed. Use clearInterval() instead"])
  })

  test("changing an unknown interval throws", async () => {
    expect(await logsOf("try { changeInterval(7, 1) } catch (e) { print(e.message) }")).toEqual(["Unknown Interval"])
  })

  test("an exception in a callback is reported, and the interval stays", async () => {
    const logs = await logsOf(
      "var n = 0; setInterval(function () { n++; if (n < 3) throw new Error('no ' + n); print(n) }, 500)",
      "2s",
    )
    expect(logs.slice(0, 3)).toEqual([
      expect.stringMatching(/^Uncaught Error: no 1 at .*program\.js:1/),
      expect.stringMatching(/no 2/),
      "3",
    ])
  })

  test("uncaughtException takes the place of the report", async () => {
    const program =
      "process.on('uncaughtException', function (e) { print('mine', e.message) }); setTimeout(function () { throw new Error('x') }, 1)"
    expect(await logsOf(program)).toEqual(["mine x"])
  })
})

test("trap: after a stall an interval catches up in a burst", async () => {
  const program = `${online(`${stamp} var n = 0; setInterval(function () { if (++n <= 9) t("tick") }, 10);
    setTimeout(function () { try { net.connect({ host: "10.9.9.9", port: 1 }) } catch (e) { t("blocked") } }, 25)`)}`
  const { house, board } = oneBoard(program)
  house.network.tcp.connectTimeoutMs = 55
  await house.advance("5s")
  const logs = board.logs.map((log) => log.text).filter((text) => !text.startsWith("Connect failed"))
  // Two ticks on time, a block from 25 to 80 ms, then those of 30 to 80 at once, and the next on time again.
  expect(logs.slice(0, 3)).toEqual(["tick 10000", "tick 20000", "blocked 80000"])
  const burst = logs.slice(3, 9).map((text) => Number(text.split(" ")[1]))
  expect(burst.every((us) => us >= 80_000 && us < 82_000)).toBe(true)
  expect(logs[9]).toBe("tick 90000")
})

describe("order of things (Espruino 2v29)", () => {
  test("promise callbacks and emitted events come after all due timers", async () => {
    const program = `var o = {}; o.on("go", function (x) { print("event", x) });
      setTimeout(function () { print("a"); Promise.resolve().then(function () { print("then") }); o.emit("go", 1); print("a ends") }, 10);
      setTimeout(function () { print("b") }, 10)`
    expect(await logsOf(program)).toEqual(["a", "a ends", "b", "then", "event 1"])
  })

  test("timers due in one pass run in the order of their creation, not of their time", async () => {
    const { house, board } = oneBoard(
      online(`setTimeout(function () { print("created first, due later") }, 30); setTimeout(function () { print("due first") }, 20);
        try { net.connect({ host: "10.9.9.9", port: 1 }) } catch (e) {}`),
    )
    house.network.tcp.connectTimeoutMs = 100
    await house.advance("5s")
    expect(board.logs.map((log) => log.text).slice(1)).toEqual(["created first, due later", "due first"])
  })
})
