import { describe, expect, test } from "vitest"
import type { Connection } from "../../../sim/network/connection"
import { oneBoard, online } from "../fixture"

/** A board that is online, and a plain TCP service at srv:7000 whose connections and bytes the test sees. */
async function served(program: string, options: { greet?: string; seed?: number; isOff?: boolean } = {}) {
  const { house, board } = oneBoard(online(program), { seed: options.seed })
  const { tcp } = house.network
  tcp.jitterMs = 0
  const connections: Connection[] = []
  const received: string[] = []
  let isListening = true
  tcp.serve("srv", 7000, {
    isListening: () => isListening,
    accept(connection) {
      connections.push(connection)
      connection.service.onData = (bytes) => received.push(bytes)
      if (options.greet) connection.service.send(options.greet)
    },
  })
  const logs = () => board.logs.map((log) => log.text)
  const run = async (forTime = "5s") => {
    await house.advance(forTime)
    return logs()
  }
  return { house, board, tcp, connections, received, logs, run, refuse: () => (isListening = false) }
}

const open = `var s = net.connect({ host: "srv", port: 7000 }, function () { print("connect") });
  s.on("data", function (d) { print("data", d.length) }); s.on("drain", function () { print("drain") });
  s.on("error", function (e) { print("error", e.code) }); s.on("end", function () { print("end") }); s.on("close", function (e) { print("close", e) });`

describe("trap: connect blocks the chip", () => {
  test("getTime shows the time that passed, and later events of this chip wait for the end of the block", async () => {
    const { run, tcp } =
      await served(`setTimeout(function () { print("timer", Math.round(1000 * (getTime() - t))) }, 5);
      var t = getTime(); try { net.connect({ host: "10.0.0.9", port: 1 }) } catch (e) {} print("back", Math.round(1000 * (getTime() - t)))`)
    tcp.connectTimeoutMs = 3000
    const logs = await run("10s")
    expect(logs.slice(1)).toEqual(["back 3000", "timer 3000"])
  })

  test("another chip goes on meanwhile, and what the program does after the block happens after it", async () => {
    const { run, tcp, house, board } = await served(
      `try { net.connect({ host: "10.0.0.9", port: 1 }) } catch (e) {} digitalWrite(4, 1); setTimeout(function () { digitalWrite(4, 0) }, 1)`,
    )
    tcp.connectTimeoutMs = 3000
    const rises: number[] = []
    house.on((event) => event.kind === "pin" && rises.push(event.atUs))
    let connectedUs = 0
    house.on((event) => event.kind === "wifi" && event.state === "connected" && (connectedUs = event.atUs))
    await run("10s")
    expect(board.pins.GPIO4.level).toBe(0)
    expect(rises).toEqual([connectedUs + 3_000_100, connectedUs + 3_001_100].map((us) => us - 100))
  })

  test("a watchdog that ends before the block restarts the chip in the middle of the callback", async () => {
    const { house, board } = oneBoard(
      online(
        `E.enableWatchdog(2, false); print("try"); try { net.connect({ host: "10.0.0.9", port: 1 }) } catch (e) { print("caught") } print("never")`,
      ),
    )
    await house.advance("8s")
    expect(board.logs.map((log) => log.text)).toEqual(["try", "try"])
    expect(board.chip.boots).toBeGreaterThanOrEqual(2)
  })
})

describe("trap: connect throws synchronously", () => {
  const attempt = `try { net.connect({ host: HOST, port: 7000 }); print("open") } catch (e) { print(e.type, e.message) }`
  test("refused: InternalError, Unable to create socket, after a line on the console", async () => {
    const { run, refuse } = await served(attempt.replace("HOST", '"srv"'))
    refuse()
    expect(await run()).toEqual(["Connect failed (err refused)", "InternalError Unable to create socket"])
  })

  test("unknown name: InternalError, Unable to locate host", async () => {
    const { run } = await served(attempt.replace("HOST", '"nowhere"'))
    expect(await run()).toEqual(["InternalError Unable to locate host"])
  })

  test("a host that is off: the same as refused, but only after lwIP gives up", async () => {
    const { run, tcp, board } = await served(attempt.replace("HOST", '"srv"'))
    tcp.silentHosts.add("srv")
    await run("40s")
    expect(board.logs.at(-1)!.text).toBe("InternalError Unable to create socket")
    expect(board.logs.at(-1)!.atUs).toBeGreaterThan(20_000_000)
  })

  test("without Wi-Fi at once", async () => {
    const { house, board } = oneBoard(
      `try { require("net").connect({ host: "1.2.3.4", port: 1 }) } catch (e) { print(e.message) }`,
    )
    await house.advance("400ms")
    expect(board.logs.at(-1)!.text).toBe("Unable to create socket")
  })

  test("the eleventh socket", async () => {
    const { run } = await served(
      `for (var i = 0; i < 11; i++) try { net.connect({ host: "srv", port: 7000 }) } catch (e) { print(i, e.message) }`,
    )
    expect((await run()).at(-1)).toBe("10 Unable to create socket")
  })
})

describe("order of socket events", () => {
  test("connect, then drain when nothing is queued", async () => {
    const { run } = await served(open)
    expect(await run()).toEqual(["connect", "drain"])
  })

  test("what was written before the connection counts first: drain, then connect, and no second drain", async () => {
    const { run } = await served(open + `s.write("early")`)
    expect(await run()).toEqual(["drain", "connect"])
  })

  test("trap: data may arrive before the connect callback", async () => {
    const { run } = await served(open, { greet: "hello" })
    expect(await run()).toEqual(["data 5", "connect", "drain"])
  })

  test("close from the other side: end, then close(false), however it came about", async () => {
    for (const how of ["close", "abort"] as const) {
      const { run, connections, logs } = await served(open)
      await run()
      connections[0].service[how]()
      await run("1s")
      expect(logs().slice(2)).toEqual(["end", "close false"])
    }
  })

  test("closed with something unsent: error -8, end, close(true)", async () => {
    const { run, connections, logs } = await served(
      open + `setTimeout(function () { s.write("x".repeat(5000)) }, 5000)`,
    )
    await run("4s")
    const { service } = connections[0]
    service.onData = () => service.close() // its FIN comes when five of ten chunks are out
    await run()
    expect(logs().slice(-3)).toEqual(["error -8", "end", "close true"])
  })

  test("trap: what never went out stays in dSnd after the close, for every handler to see", async () => {
    const see = `["error", "end", "close"].forEach(function (n) { s.on(n, function () { print(n, s.dSnd.length > 0) }) });`
    const { run, connections, logs } = await served(
      `var s = net.connect({ host: "srv", port: 7000 }); ${see} setTimeout(function () { s.write("x".repeat(5000)) }, 5000); setTimeout(function () { print("later", s.dSnd.length > 0) }, 6500)`,
    )
    await run("4s")
    const { service } = connections[0]
    service.onData = () => service.close()
    await run("8s")
    expect(logs()).toEqual(["error true", "end true", "close true", "later true"])
  })

  test("a socket that was closed gives back its blocks, unread data included", async () => {
    const { board, run, connections } = await served(
      `var u = process.memory().usage; var s = net.connect({ host: "srv", port: 7000 }); setTimeout(function () { print(process.memory().usage - u) }, 4000)`,
      { greet: "x".repeat(500) },
    )
    await run("4s")
    connections[0].service.close()
    await run("4s")
    expect(board.logs.at(-1)!.text).toBe("5") // the timeout that prints this
  })

  test("our own end() sends what is queued, then end and close", async () => {
    const { run, received } = await served(open + `s.write("bye"); s.end();`)
    expect(await run()).toEqual(["connect", "end", "close false"])
    expect(received.join("")).toBe("bye")
  })

  test("writing after the close throws", async () => {
    const { run } = await served(
      open + `s.end(); setTimeout(function () { try { s.write("x") } catch (e) { print(e.message) } }, 500)`,
    )
    expect((await run()).at(-1)).toBe("This socket is closed")
  })

  test("trap: a connect listener on top of a connect callback breaks both", async () => {
    const { run } = await served(open + `s.on("connect", function () { print("listener") })`)
    expect(await run()).toEqual(["Execution Interrupted during event processing."])
  })
})

describe("bytes", () => {
  test("a data event has at most 536 bytes", async () => {
    const { run, received } = await served(open + `s.write("q")`, { greet: "x".repeat(1200) })
    expect((await run()).filter((text) => text.startsWith("data"))).toEqual(["data 536", "data 536", "data 128"])
    expect(received).toEqual(["q"])
  })

  test("trap: write always returns false, queues without limit, and dSnd shows what is unsent", async () => {
    const { run, received } = await served(
      open +
        `print(s.write("x".repeat(1000)), s.write("y".repeat(600)), s.dSnd.length);
      setTimeout(function () { print("left", s.dSnd ? s.dSnd.length : 0) }, 3); setTimeout(function () { print("left", s.dSnd) }, 50)`,
    )
    const logs = await run()
    expect(logs[0]).toBe("false false 1600")
    expect(logs).toContain("left 528")
    expect(logs.at(-1)).toBe("left ") // all out: an empty string, not undefined
    expect(received.join("")).toBe("x".repeat(1000) + "y".repeat(600))
  })

  test("trap: a typed array is written as decimal numbers", async () => {
    const { run, received } = await served(open + `s.write(new Uint8Array([66, 67]))`)
    await run()
    expect(received.join("")).toBe("66,67")
  })

  test("without a listener data piles up, raises BUFFER_FULL, and a late listener gets it in one event", async () => {
    const { run } = await served(
      `E.on("errorFlag", function (f) { print(f.join()) }); var s = net.connect({ host: "srv", port: 7000 }); setTimeout(function () { print(s.available(), s.read(2)); s.on("data", function (d) { print("late", d.length) }) }, 500)`,
      { greet: "x".repeat(1200) },
    )
    expect(await run()).toEqual(["BUFFER_FULL", "New interpreter error: BUFFER_FULL", "1200 xx", "late 1198"])
  })
})

test("trap: an unbounded queue ends in OUT OF MEMORY, which no catch sees", async () => {
  const { run, board } = await served(
    open +
      `E.on("errorFlag", function (f) { print("flags", f.join()) });
    setInterval(function () { try { for (;;) s.write("x".repeat(4000)) } catch (e) { print("caught") } finally { print("finally") } }, 100)`,
  )
  const logs = await run("10s")
  expect(logs).toContain("OUT OF MEMORY")
  expect(logs).toContain("flags CALLBACK,LOW_MEMORY,MEMORY")
  expect(logs.filter((text) => text === "OUT OF MEMORY")).toHaveLength(1) // the interval is gone
  expect(board.chip.state).toBe("running")
})
