import { describe, expect, test } from "vitest"
import { House } from "../../sim/house"
import { BOARD, RECORD, collect, oneBoard, online } from "./fixture"

const FAST = { limits: { hostMs: 150 } }
const ENDLESS = "setTimeout(function () { for (;;) {} }, 1000)"

describe("a program that never returns", () => {
  test("is ended and named, with callback, house time and reason", async () => {
    const { house, board } = oneBoard(ENDLESS, FAST)
    const halts = collect(house, "halt")
    await house.advance("5s")
    expect(halts).toEqual([
      {
        atUs: 1_350_000,
        device: "board",
        kind: "halt",
        reason: "no return within 150 ms of host time",
        callback: "timer",
      },
    ])
    expect(board.chip.state).toBe("halted")
    expect(house.nowUs).toBe(5_000_000)
  })

  test("stays halted, while the other boards go on", async () => {
    const bundles = { bad: ENDLESS, good: "var n = 0; setInterval(function () { print(n++) }, 500)" }
    const devices = Object.entries(bundles).map(([name, bundle]) => ({ name, bundle, board: BOARD, record: RECORD }))
    const house = new House({ devices, ...FAST })
    house.boot()
    await house.advance("10s")
    expect(house.device("good").logs).toHaveLength(19)
    expect(house.view().devices.map((device) => device.state)).toEqual(["halted", "running"])
  })

  test("restarts when the watchdog it had enabled fires, in house time", async () => {
    const { house } = oneBoard(`E.enableWatchdog(5, false); ${ENDLESS}`, FAST)
    const boots = collect(house, "boot")
    await house.advance("6s")
    expect(boots.map((boot) => [boot.atUs, boot.reason])).toEqual([
      [0, "power"],
      [5_350_000, "watchdog"],
    ])
  })

  test.each([
    ["at the first line", "for (;;) {}", "boot"],
    ["in a watch", "setWatch(function () { for (;;) {} }, 4); digitalWrite(4, 0)", "watch"],
    ["in an interval", "setInterval(function () { for (;;) {} }, 10)", "interval"],
    ["in an event", "E.on('x', function () { for (;;) {} }); E.emit('x')", "event"],
    [
      "inside try and finally",
      "setTimeout(function () { for (;;) try { for (;;) {} } catch (e) {} finally { for (;;) {} } }, 10)",
      "timer",
    ],
  ])("%s", async (_, program, callback) => {
    const { house } = oneBoard(program, FAST)
    const halts = collect(house, "halt")
    await house.advance("1s")
    expect(halts.map((halt) => halt.callback)).toEqual([callback])
  })

  test("that calls the chip in its loop is ended after so many calls: the same on every host", async () => {
    const { house, board } = oneBoard("setTimeout(function () { while (getTime() < 60) {} }, 10)")
    const halts = collect(house, "halt")
    await house.advance("1s")
    expect(halts[0].reason).toBe("100000 calls into the chip without returning")
    expect(board.chip.state).toBe("halted")
  })

  test("that catches what ends it is ended all the same", async () => {
    const { house } = oneBoard("setTimeout(function () { for (;;) try { for (;;) getTime() } catch (e) {} }, 10)", {
      limits: { hostMs: 100, calls: 1000 },
    })
    const halts = collect(house, "halt")
    await house.advance("1s")
    expect(halts).toHaveLength(1)
  })

  test("that feeds itself with events is ended too", async () => {
    const { house } = oneBoard("E.on('x', function () { E.emit('x') }); E.emit('x')")
    const halts = collect(house, "halt")
    await house.advance("1s")
    expect(halts[0].reason).toBe("10000 callbacks without an idle moment")
  })

  test("that wakes itself over a pin goes on, as on the chip, and house time goes on with it", async () => {
    const { house, board } = oneBoard(
      "var v = 0, n = 0; setWatch(function () { n++; digitalWrite(4, v = 1 - v) }, 4, true); digitalWrite(4, 0); setTimeout(function () { print(n > 100) }, 50)",
    )
    await house.advance("500ms")
    expect(board.logs[0].text).toBe("true")
  })
})

test("stopped inside our own code, the house says that it cannot be trusted", async () => {
  const { house } = oneBoard("print('hello')", FAST)
  house.on((event) => {
    for (; event.kind === "log";);
  })
  await expect(house.advance("1s")).rejects.toThrow("the house was stopped inside its own code after 150 ms")
})

describe("watchdog", () => {
  const life = (program: string) => {
    const { house } = oneBoard(program)
    const boots = collect(house, "boot")
    return house.advance("30s").then(() => boots.length)
  }

  test("resets a program that does not kick it, and one that does lives", async () => {
    expect(await life("E.enableWatchdog(10, false)")).toBe(3)
    expect(await life("E.enableWatchdog(10, false); setInterval(function () { E.kickWatchdog() }, 5000)")).toBe(1)
  })

  test("in auto mode the idle loop kicks it", async () => expect(await life("E.enableWatchdog(10)")).toBe(1))
})

describe("life of a board", () => {
  test("E.reboot does not return, and starts again 350 ms later", async () => {
    const { house, board } = oneBoard("print('up'); setTimeout(function () { E.reboot(); print('never') }, 1000)")
    const boots = collect(house, "boot")
    await house.advance("1500ms")
    expect(boots.map((boot) => [boot.atUs, boot.boots, boot.reason])).toEqual([
      [0, 1, "power"],
      [1_350_000, 2, "reboot"],
    ])
    await house.advance("500ms")
    expect(board.logs.map((log) => log.text)).toEqual(["up", "up"])
  })

  test.each([
    ["load", ["up", "kill", "up"]],
    ["reset", ["up", "kill"]],
  ])("%s() runs the handlers of 'kill'; only load() runs .bootcde behind it", async (name, said) => {
    const { house, board } = oneBoard(
      `E.on('kill', function () { print('kill') }); print('up'); setTimeout(${name}, 1000)`,
    )
    await house.advance("2s")
    expect(board.logs.map((log) => log.text)).toEqual(said)
  })

  test("boot code, then E.on('init'), then onInit", async () => {
    const { house, board } = oneBoard(
      "E.on('init', function () { print('init') }); function onInit() { print('onInit') } print('code')",
    )
    await house.advance("400ms")
    expect(board.logs.map((log) => log.text)).toEqual(["code", "init", "onInit"])
  })

  test("the clock goes on over a reboot and starts anew after a power cut", async () => {
    const { house, board } = oneBoard("print(Math.round(getTime() * 100) / 100)")
    await house.advance("1s")
    board.reboot()
    await house.advance("1s")
    board.powerOff()
    await house.advance("1s")
    board.powerOn()
    await house.advance("1s")
    expect(board.logs.map((log) => log.text)).toEqual(["0.35", "1.35", "0.35"])
  })

  test("nothing of an earlier life runs later: timers, watches, sockets", async () => {
    const program =
      "if (!require('Storage').read('x')) { require('Storage').write('x', '1'); setInterval(function () { print('old') }, 100); setWatch(function () { print('edge') }, 4, true) }"
    const { house, board } = oneBoard(program)
    await house.advance("400ms")
    board.reboot()
    await house.advance("1s")
    board.chip.gpio.find(4)!.net.drive({}, { kind: "strong", level: 1 })
    await house.advance("1s")
    expect(board.logs).toEqual([])
  })

  test("power lost takes the connection without a word; the broker learns it when it speaks or waits", async () => {
    const connect = `s.write("\\x10\\x11\\0\\4MQTT\\4\\2\\0\\x0a\\0\\5board")`
    const { house, board } = oneBoard(
      online(`var s = net.connect({ host: "broker.local", port: 1883 }, function () { ${connect} })`),
    )
    await house.advance("5s")
    expect(house.linkOf("board")).toBe("online")
    board.powerOff()
    await house.advance("5s")
    expect([house.linkOf("board"), house.broker.clients.size]).toEqual(["off", 1])
    await house.advance("15s")
    expect(house.broker.clients.size).toBe(0)
  })

  test.each([
    ["erased", () => "\xff".repeat(40), "Uncaught SyntaxError: Got [ERASED] at byte 0"],
    ["torn in a function", (code: string) => code.slice(0, 30) + "\xff".repeat(20), /^Uncaught SyntaxError/],
    ["torn between statements", (code: string) => code + ";\xff\xff", "Uncaught SyntaxError: Got [ERASED] at byte 53"],
    ["rubbish", () => "\0\x01)]}", /^Uncaught SyntaxError/],
  ])("boot code that is %s is told of, and the chip idles without a program", async (_, damage, message) => {
    const code = "(function () { setInterval(function () {}, 50) })(1)"
    const { house, board } = oneBoard(code)
    await house.advance("400ms")
    board.chip.flash.write(".bootcde", damage(code))
    board.reboot()
    await house.advance("10s")
    expect(board.logs).toHaveLength(1)
    expect(board.logs[0].text).toMatch(message)
    expect([board.chip.state, house.clock.nextAtUs()]).toEqual(["running", Infinity])
  })

  test.each([0, 1, 2, 3])(
    "power cut in step %i of rewriting the boot code: off at once, parts too, and no crash after",
    async (steps) => {
      const rewrite = `var S = require("Storage"), code = S.read(".bootcde"); print("up"); setTimeout(function () { S.write(".bootcde", code + " "); print("done") }, 100)`
      const { house, board } = oneBoard(rewrite, { parts: [{ name: "dht22", part: "dht22", pins: { data: 4 } }] })
      await house.advance("400ms")
      board.chip.flash.cutPowerAfter(steps)
      await house.advance("1s")
      expect([board.chip.state, board.pins.GPIO4.state]).toEqual(["off", "float"])
      board.powerOn()
      await house.advance("1s")
      expect(board.chip.state).toBe("running")
      // Before the erase nothing is lost; after it there is no program, or half a one.
      expect(board.logs.filter(({ text }) => text === "up")).toHaveLength(steps === 0 ? 2 : 1)
      expect(board.logs.filter(({ text }) => text.startsWith("Uncaught SyntaxError"))).toHaveLength(steps < 2 ? 0 : 1)
    },
  )

  test("a program that does not fit into Storage is refused when the house is made", () => {
    expect(() => oneBoard("x".repeat(1_000_000))).toThrow('"board": .bootcde of 1000000 bytes does not fit')
  })

  test("without boot code it just runs", async () => {
    const { house, board } = oneBoard("")
    await house.advance("1s")
    expect(board.chip.state).toBe("running")
  })
})
