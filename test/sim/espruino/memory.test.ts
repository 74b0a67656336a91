import { describe, expect, test } from "vitest"
import type { CallbackKind } from "../../../sim/espruino/machine"
import { stringBlocks } from "../../../sim/espruino/memory"
import { logsOf, oneBoard, online } from "../fixture"

describe("process.memory() is a model of what the chip's functions hold", () => {
  const used = (program: string) =>
    logsOf(`var before = process.memory().usage; ${program}; print(process.memory(false).usage - before)`).then(
      (logs) => Number(logs[0]),
    )

  test.each([
    ["setTimeout(print, 9e6)", 5],
    ["setInterval(print, 9e6)", 7],
    ["setWatch(print, 4)", 11],
    ["setWatch(print, 4, { debounce: 10 })", 14],
    ["clearInterval(setInterval(print, 9e6))", 0],
    ["clearWatch(setWatch(print, 4))", 0],
    ["E.on('x', print)", 4],
    ["E.on('x', print); E.removeAllListeners('x')", 0],
  ])("%s", async (program, blocks) => expect(await used(program)).toBe(blocks))

  test.each([
    [0, 1],
    [9, 1],
    [10, 2],
    [19, 2],
    [20, 3],
    [1000, 101],
  ])("a string of %i characters", (length, blocks) => expect(stringBlocks(length)).toBe(blocks))

  test("a program that a boot file gives to eval counts as if it stood there, what gave it not at all", async () => {
    const program = "function f() {} var g = () => 1; print(process.memory(false).usage)"
    const given = `eval(function () { var tool = function () {}; tool(); return ${JSON.stringify(program)} }());var mark = 1`
    expect(await logsOf(given)).toEqual(await logsOf(program))
    expect(Number((await logsOf(program))[0])).toBe(56 + 2 * 11)
  })

  test("what eval is given later may be gone at once, and does not count", async () => {
    const before = "var before = process.memory(false).usage;"
    const later = `setTimeout(function () { ${before} eval("(function () {})"); print(process.memory(false).usage - before) }, 1)`
    expect(await logsOf(later)).toEqual(["0"])
  })

  test("total is the board's, and free is the rest", async () => {
    expect(await logsOf("var m = process.memory(); print(m.total, m.free + m.usage, m.blocksize)")).toEqual([
      "2500 2500 14",
    ])
  })
})

test("LOW_MEMORY is raised below 5 % free, and is a warning: 'errorFlag' is not told", async () => {
  const program = `E.on("errorFlag", print); print(E.getErrorFlags().length);
    while (process.memory().free > 100) setInterval(print, 1e9); print(E.getErrorFlags().join())`
  expect(await logsOf(program)).toEqual(["0", "LOW_MEMORY"])
})

describe("trap: a handler in which memory runs out is gone", () => {
  const flags = `E.on("errorFlag", function (f) { print("flags", f.join()) });`
  async function lose(kind: CallbackKind, program: string, forTime = "5s") {
    const { house, board } = oneBoard(flags + program)
    await house.advance("2900ms")
    board.logs.length = 0
    board.chip.loseCallback(kind)
    await house.advance(forTime)
    return board.logs.map((log) => log.text).filter((text) => !/Interrupted|New interpreter|removing it/.test(text))
  }

  test("an interval is removed", async () => {
    expect(await lose("interval", "setInterval(function () { print('tick') }, 500)")).toEqual([
      "OUT OF MEMORY",
      "flags CALLBACK,LOW_MEMORY,MEMORY",
    ])
  })

  test("a repeating watch is removed", async () => {
    const toggle = "pinMode(4, 'output'); setInterval(function () { digitalWrite(4, n ^= 1) }, 500)"
    expect(await lose("watch", `var n = 0; setWatch(function () { print('edge') }, 4, true); ${toggle}`)).toEqual([
      "OUT OF MEMORY",
      "flags CALLBACK,LOW_MEMORY,MEMORY",
    ])
  })

  test("a data handler is removed, and what comes later piles up", async () => {
    const program = online(`var s = net.connect({ host: "srv", port: 7000 }); s.on("data", function (d) { print(d) })`)
    const { house, board } = oneBoard(program)
    let send: (bytes: string) => void = () => undefined
    house.network.tcp.serve("srv", 7000, {
      isListening: () => true,
      accept: (connection) => (send = (bytes) => connection.service.send(bytes)),
    })
    await house.advance("5s")
    send("one")
    await house.advance("1s")
    board.chip.loseCallback("data")
    send("two")
    await house.advance("1s")
    send("three")
    await house.advance("1s")
    expect(board.logs.map((log) => log.text)).toEqual(expect.arrayContaining(["one", "OUT OF MEMORY"]))
    expect(board.logs.map((log) => log.text)).not.toContain("three")
  })

  test("a timeout is lost too, but a timer that re-armed itself first lives on", async () => {
    const rearming = "function tick() { setTimeout(tick, 500); print('tick') } tick()"
    const logs = await lose("timer", rearming)
    expect(logs).toEqual(["OUT OF MEMORY", "flags LOW_MEMORY,MEMORY"]) // lost before its first line: nothing re-armed it
  })

  test("trap: what recurs and runs later in the same idle pass is lost with it; flags are told once, at its end", async () => {
    const program = `["one", "two"].forEach(function (n) { setInterval(function () { print(n) }, 1000) });
      setInterval(function () { print("other") }, 1700); setTimeout(function () { print("timeout") }, 3000);`
    const { house, board } = oneBoard(flags + program)
    await house.advance("2900ms")
    board.logs.length = 0
    board.chip.loseCallback("interval")
    await house.advance("3s")
    expect(board.logs.map((log) => log.text)).toEqual([
      "OUT OF MEMORY",
      "Ctrl-C while processing interval - removing it.",
      "two",
      "Ctrl-C while processing interval - removing it.",
      "timeout",
      "Execution Interrupted during event processing.",
      "flags CALLBACK,LOW_MEMORY,MEMORY",
      "New interpreter error: CALLBACK,LOW_MEMORY,MEMORY",
      "other",
      "other",
    ])
  })

  test("a handler of 'errorFlag' that throws or runs out of memory itself is told of, and the next one runs", async () => {
    const program = `E.on("errorFlag", function () { throw new Error("mine") });
      E.on("errorFlag", function () { for (;;) setTimeout(print, 1e9) }); E.on("errorFlag", function () { print("last") });
      setInterval(function () {}, 500);`
    const { house, board } = oneBoard(program)
    board.chip.loseCallback("interval")
    await house.advance("2s")
    const logs = board.logs.map((log) => log.text)
    expect(logs).toContainEqual(expect.stringContaining("Uncaught Error: mine"))
    expect(logs.filter((text) => text === "OUT OF MEMORY")).toHaveLength(2)
    expect(logs).toContain("last")
  })

  test("what finds no room is not made: no timer, no bytes queued", async () => {
    const program = `var n = 0; setTimeout(function () { for (;;) { setTimeout(function () { print("made") }, 1000); n++ } }, 1000);
      setTimeout(function () { print(n, process.memory().free >= 0) }, 1500)`
    const { house, board } = oneBoard(program)
    await house.advance("5s")
    const made = board.logs.filter((log) => log.text === "made").length
    expect(board.logs.map((log) => log.text)).toContain(`${made} true`)
  })

  test("a chip that leaks have filled can do nothing at all, and only its watchdog helps", async () => {
    const { house, board } = oneBoard("E.enableWatchdog(3, false); setInterval(function () { E.kickWatchdog() }, 500)")
    await house.advance("2s")
    board.chip.interpreter!.memory.leak(2500)
    await house.advance("4s")
    expect(board.chip.boots).toBe(2)
  })

  test("E.getErrorFlags names and clears them", async () => {
    const program =
      "setInterval(function () {}, 500); setTimeout(function () { print(E.getErrorFlags().join(), E.getErrorFlags().length) }, 4000)"
    expect((await lose("interval", program)).at(-1)).toBe("CALLBACK,LOW_MEMORY,MEMORY 0")
  })
})

describe("trap: call depth is limited", () => {
  const recursion = (depth: number) =>
    `function f(n) { digitalRead(4); return n ? f(n - 1) : 0 } setInterval(function () { f(${depth}); print("fine") }, 500)`

  test("a few frames are fine, and the deepest seen is on record", async () => {
    const { house, board } = oneBoard(recursion(8))
    await house.advance("10s")
    expect(board.logs.every((log) => log.text === "fine")).toBe(true)
    expect(board.chip.interpreter!.deepestCall).toBeGreaterThanOrEqual(8)
  })

  test("too many end the callback, uncatchably, and remove its interval", async () => {
    const { house, board } = oneBoard(
      recursion(40).replace("f(40)", "try { f(40) } catch (e) { print('caught', getTime()) }"),
    )
    await house.advance("3s")
    const logs = board.logs.map((log) => log.text)
    expect(logs.slice(0, 3)).toEqual([
      "Too much recursion - the stack is about to overflow",
      "Ctrl-C while processing interval - removing it.",
      "Execution Interrupted during event processing.",
    ])
    expect(logs).not.toContain("fine")
    expect(logs.filter((text) => text.startsWith("Too much"))).toHaveLength(1)
  })

  test("endless recursion that never calls the chip ends the same way", async () => {
    const { house, board } = oneBoard("function f() { return f() + 1 } setInterval(f, 500)")
    await house.advance("2s")
    expect(board.logs.filter((log) => log.text.startsWith("Too much"))).toHaveLength(1)
  })
})
