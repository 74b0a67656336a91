import { describe, expect, test } from "vitest"
import { SerialPeer } from "../../../sim/parts/serial-peer"
import { collect, logsOf, oneBoard } from "../fixture"

const peer = (baud = 9600) => ({
  parts: [{ name: "meter", part: "serial-peer", pins: { rx: 17, tx: 16 }, options: { baud } }],
})
const SETUP = "Serial2.setup(9600, { tx: 17, rx: 16 });"

function wired(program: string, baud?: number) {
  const { house, board } = oneBoard(SETUP + program, peer(baud))
  return { house, board, meter: board.part("meter", SerialPeer) }
}

test("a program and a device talk: what is asked, and the answer in pieces as they come", async () => {
  const { house, board, meter } = wired(
    `var got = ""; Serial2.on("data", function (d) { got += d; if (got.slice(-1) == "\\n") print(JSON.stringify(got)); });
     setTimeout(function () { Serial2.print("READ?\\r") }, 100);`,
  )
  meter.onReceive = (bytes) => bytes.endsWith("\r") && meter.send(`${bytes.slice(0, -2)}=21.5\r\n`)
  await house.advance("1s")
  expect(board.logs.map(({ text }) => text)).toEqual(['"READ=21.5\\r\\n"'])
  expect(meter.received).toBe("READ?\r")
})

describe("what goes out", () => {
  test("is one event a call, on the UART's own time: behind what is still going out", async () => {
    const { house } = wired('Serial2.write("ab"); Serial2.println("c"); Serial2.write([100, 101], "f")')
    const events = collect(house, "serial")
    await house.advance("1s")
    expect(events.map(({ atUs, direction, bytes }) => [atUs, direction, bytes])).toEqual([
      [350_000, "tx", "ab"],
      [352_084, "tx", "c\r\n"],
      [355_209, "tx", "de"],
      [357_293, "tx", "f"],
    ])
    expect(events[0]).toMatchObject({ pin: "GPIO17", baud: 9600 })
  })

  test("returns at once while 1024 bytes hold it, and blocks beyond them", async () => {
    const took = (bytes: number) =>
      logsOf(
        `${SETUP} var s = new Uint8Array(${bytes}); var t = getTime(); Serial2.write(s); print(Math.round((getTime() - t) * 1000))`,
        "5s",
        peer(),
      )
    expect(await took(1000)).toEqual(["0"])
    expect(await took(2000)).toEqual([String(Math.round((976 * 10) / 9.6))])
  })

  test("reaches nobody over a broken wire", async () => {
    const { house, meter } = wired('setTimeout(function () { Serial2.write("x") }, 100)')
    house.fault("board.meter.rx: open")
    await house.advance("1s")
    expect(meter.received).toBe("")
  })
})

describe("what comes in", () => {
  test("waits for a listener, 512 bytes at most, and the rest is told as BUFFER_FULL", async () => {
    const { house, board, meter } = wired(
      `setTimeout(function () { print(Serial2.available(), Serial2.read(3), E.getErrorFlags());
         Serial2.on("data", function (d) { print(d.length) }) }, 2000)`,
    )
    await house.advance("500ms")
    meter.send("abc" + "x".repeat(700))
    await house.advance("3s")
    expect(board.logs.map(({ text }) => text)).toContain('512 abc [ "BUFFER_FULL" ]')
    expect(board.logs.at(-1)!.text).toBe("509")
  })

  test("is fetched every 5 ms, so a message comes in pieces", async () => {
    const { house, board, meter } = wired('Serial2.on("data", function (d) { print(d.length) })')
    await house.advance("500ms")
    meter.send("0123456789")
    await house.advance("1s")
    const pieces = board.logs.map(({ text }) => Number(text))
    expect(pieces.reduce((sum, each) => sum + each)).toBe(10)
    expect(pieces.length).toBeGreaterThanOrEqual(2)
    expect(Math.max(...pieces)).toBeLessThanOrEqual(5)
  })

  test("at another baud rate is garbage", async () => {
    const { house, board, meter } = wired('Serial2.on("data", function (d) { print(d) })', 19_200)
    await house.advance("500ms")
    meter.send("temperature=21.5")
    await house.advance("1s")
    const got = board.logs.map(({ text }) => text).join("")
    expect(got.length).toBeGreaterThan(0)
    expect(got).not.toContain("temp")
  })

  test("after unsetup is heard by nobody", async () => {
    const { house, board, meter } = wired('Serial2.on("data", function (d) { print(d) }); Serial2.unsetup()')
    await house.advance("500ms")
    meter.send("hello")
    await house.advance("1s")
    expect(board.logs).toEqual([])
  })

  test("ends a handler in which memory runs out", async () => {
    const { house, board, meter } = wired('Serial2.on("data", function (d) { print(d) })')
    await house.advance("500ms")
    board.chip.loseCallback("data")
    meter.send("a")
    await house.advance("100ms")
    meter.send("b")
    await house.advance("100ms")
    const logs = board.logs.map(({ text }) => text)
    expect(logs).toContain("Error processing Serial data handler - removing it.")
    expect(logs).not.toContain("b")
  })
})

test("setup refuses what the firmware refuses, and says what is not simulated", async () => {
  const shown = await logsOf(
    "try { Serial2.setup(9600, { errors: true }) } catch (e) { print(e.message) } Serial3.setup(9600, { parity: 'e' })",
    "1s",
  )
  expect(shown[0]).toBe("ESP32 Espruino builds can't handle framing/parity errors (errors:true)")
  expect(shown[1]).toMatch(/8 data bits, no parity and 1 stop bit/)
})
