import { once } from "node:events"
import { tmpdir } from "node:os"
import { createServer, type AddressInfo } from "node:net"
import { afterEach, describe, expect, it } from "vitest"
import { openSerial, remedyFor } from "../../tools/serial/port"
import { eventually } from "../vm/eventually"
import { Pty, WHY_NO_PTY } from "./pty"

describe.skipIf(WHY_NO_PTY)(`a serial port${WHY_NO_PTY ? ` (skipped: ${WHY_NO_PTY})` : ""}`, () => {
  let pty: Pty | undefined

  afterEach(() => pty?.close())

  it("carries bytes of every value both ways, and bears that a pseudo terminal has no wires for a reset", async () => {
    pty = await Pty.open()
    const line = await openSerial(pty.path)
    let heard = ""
    line.onData((bytes) => (heard += bytes))
    expect(await line.reset()).toBe(false)
    const all = String.fromCharCode(...Array(256).keys())
    pty.send(all)
    line.write(all)
    await eventually(() => heard.length >= 256 && pty!.heard.length >= 256, "256 bytes both ways")
    expect([heard, pty.heard]).toEqual([all, all])
    await line.close()
    await line.close()
  })

  it("says so when its other end is gone", async () => {
    pty = await Pty.open()
    const line = await openSerial(pty.path)
    let isGone = false
    line.onData(() => {})
    line.onClose(() => (isGone = true))
    pty.close()
    await eventually(() => isGone, "the end of the port")
    expect(isGone).toBe(true)
  })

  it("says so also when nobody hears its data, and to who asks only then", async () => {
    pty = await Pty.open()
    const line = await openSerial(pty.path)
    let toldCount = 0
    line.onClose(() => toldCount++)
    pty.close()
    await eventually(() => toldCount === 1, "the end of the port")
    line.onData(() => {})
    line.onClose(() => toldCount++)
    await eventually(() => toldCount === 2, "the end that was before")
    await line.close()
    expect(toldCount).toBe(2)
  })

  it("is not opened twice", async () => {
    pty = await Pty.open()
    const line = await openSerial(pty.path)
    await expect(openSerial(pty.path)).rejects.toThrow(/another program has it. Close its monitor/)
    await line.close()
  })
})

it("over TCP says so when the other end is gone, and to who asks only then", async () => {
  const server = createServer((socket) => socket.on("data", () => socket.resetAndDestroy())).listen(0, "127.0.0.1")
  await once(server, "listening")
  const line = await openSerial(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`)
  let toldCount = 0
  line.onClose(() => toldCount++)
  line.write("x")
  await eventually(() => toldCount === 1, "the end of the socket")
  line.onClose(() => toldCount++)
  await eventually(() => toldCount === 2, "the end that was before")
  server.close()
  expect(toldCount).toBe(2)
})

it("names what ports there are when there is none of that name", async () => {
  await expect(openSerial("/dev/nope")).rejects.toThrow(
    /^cannot open \/dev\/nope: there is no such port. (There are: |No board is plugged in)/,
  )
})

it.each(["/etc/passwd", "/dev/null", tmpdir()])(
  "says of %s that it is no serial port, and what ports there are",
  (path) =>
    expect(openSerial(path)).rejects.toThrow(
      /^cannot open \S+: it is no serial port\. (There are: |No board is plugged in)/,
    ),
)

it("takes no empty name", () => expect(openSerial("")).rejects.toThrow(/leave --port out/))

it("has a remedy for each of the system's words, and hands on those it does not know", () => {
  expect(remedyFor("Error: Permission denied, cannot open /dev/ttyUSB0")).toMatch(/sudo usermod -aG dialout/)
  expect(remedyFor("Opening COM3: Access denied")).toMatch(/dialout/)
  expect(remedyFor("Error: Resource temporarily unavailable Cannot lock port")).toMatch(/another program/)
  expect(remedyFor("Error: No such file or directory, cannot open /dev/x")).toBeUndefined()
  expect(remedyFor("something new")).toBe("something new.")
})
