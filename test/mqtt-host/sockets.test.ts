import net from "node:net"
import fc from "fast-check"
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"
import type { Socket } from "../../src/hal/socket"
import { eventually } from "../vm/eventually"
import { KINDS, Listener, networkOf, type Kind, type Peer } from "./peer"

const ALL_BYTES = String.fromCharCode(...Array.from({ length: 256 }, (_, byte) => byte))

describe.each(KINDS)("a socket over %s", (kind: Kind) => {
  let listener: Listener
  let events: string[]
  let received: string

  beforeEach(async () => {
    listener = await Listener.start(kind)
    events = []
    received = ""
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
    listener.close()
  })

  function dial(address = listener.address): Socket {
    // This test's own: a late event of the one before would otherwise be taken for one of the next.
    const heard = events
    const socket = networkOf(kind).connect(address, () => heard.push("connect"))
    socket.on("data", (bytes) => (received += bytes))
    socket.on("close", () => heard.push("close"))
    return socket
  }

  async function connected(): Promise<{ socket: Socket; peer: Peer }> {
    const socket = dial()
    await eventually(() => events.includes("connect") && listener.peers.length > 0, "the connection")
    return { socket, peer: listener.peers[0]! }
  }

  test("calls nothing inside connect, and onConnect once", async () => {
    dial()
    expect(events).toEqual([])
    await eventually(() => events.length > 0, "onConnect")
    expect(events).toEqual(["connect"])
  })

  test("calls its listeners as Espruino does, with the socket as `this`: the client tells its sockets apart by it", async () => {
    const { socket, peer } = await connected()
    const selves: unknown[] = []
    const note = function (this: unknown) {
      selves.push(this)
    }
    socket.on("data", note)
    socket.on("drain", note)
    socket.on("close", note)
    socket.write("a")
    peer.send("b")
    await eventually(() => selves.length > 1, "data and drain")
    peer.end()
    await eventually(() => events.includes("close"), "the end")
    expect(new Set(selves)).toEqual(new Set([socket]))
    expect(selves.length).toBeGreaterThan(2)
  })

  test("carries every byte both ways", async () => {
    const { socket, peer } = await connected()
    socket.write(ALL_BYTES)
    peer.send(ALL_BYTES)
    await eventually(() => peer.received.length >= 256 && received.length >= 256, "256 bytes each way")
    expect([peer.received, received]).toEqual([ALL_BYTES, ALL_BYTES])
  })

  test("sends what was written before it was connected, in order", async () => {
    const socket = dial()
    socket.write("a")
    expect(socket.dSnd).toEqual({ length: 1 })
    await new Promise(setImmediate)
    socket.write("b")
    await eventually(() => listener.peers[0]?.received === "ab", "both bytes")
  })

  test("sends all writes of one turn at once, those of promises between them included", async () => {
    const { socket, peer } = await connected()
    const writes = vi.spyOn(net.Socket.prototype, "write")
    for (let byte = 0; byte < 100; byte++) {
      socket.write(String.fromCharCode(byte))
      await Promise.resolve()
    }
    await eventually(() => peer.received.length === 100, "100 bytes")
    expect(writes).toHaveBeenCalledTimes(1)
    if (kind.startsWith("ws")) expect(peer.pieces).toBe(1)
  })

  test("sends a large batch on within its turn", async () => {
    const { socket, peer } = await connected()
    const writes = vi.spyOn(net.Socket.prototype, "write")
    for (let count = 0; count < 200; count++) socket.write("x".repeat(1000))
    expect(writes.mock.calls.length).toBeGreaterThan(1)
    await eventually(() => peer.received.length === 200_000, "all of it")
  })

  test("shows what waits, and drains as it leaves and once it is gone", async () => {
    const { socket, peer } = await connected()
    socket.on("drain", () => events.push(`drain ${socket.dSnd?.length ?? "empty"}`))
    expect(socket.dSnd).toBeUndefined()
    socket.write("abc")
    socket.write("de")
    expect(socket.dSnd).toEqual({ length: 5 })
    await eventually(() => peer.received === "abcde" && events.length > 2, "the bytes and the drain")
    expect(events).toEqual(["connect", "drain 5", "drain empty"])
    expect(socket.dSnd).toBeUndefined()
  })

  test("counts what a peer that does not read leaves waiting, and drains when it reads", async () => {
    const { socket, peer } = await connected()
    socket.on("drain", () => events.push("drain"))
    peer.stream.pause()
    const chunk = "x".repeat(1 << 20)
    let written = 0
    while (!(socket.dSnd && socket.dSnd.length > 4 * chunk.length)) {
      socket.write(chunk)
      written += chunk.length
      await new Promise(setImmediate)
    }
    events.length = 0
    peer.stream.resume()
    await eventually(() => peer.received.length === written && events.length > 0, "all of it and the drain")
    expect(socket.dSnd).toBeUndefined()
    expect(new Set(events)).toEqual(new Set(["drain"]))
  })

  test("flushes at the end, then closes once", async () => {
    const { socket, peer } = await connected()
    const bytes = ALL_BYTES.repeat(20_000)
    socket.write(bytes)
    socket.end()
    socket.end()
    await eventually(() => peer.isClosed && events.includes("close"), "the end")
    expect(peer.received === bytes).toBe(true)
    expect(events).toEqual(["connect", "close"])
  })

  test("flushes even when it was ended before it was connected", async () => {
    const socket = dial()
    socket.write("goodbye")
    socket.end()
    await eventually(() => listener.peers[0]?.isClosed === true && events.includes("close"), "the end")
    expect(listener.peers[0]!.received).toBe("goodbye")
    expect(events).toEqual(["connect", "close"])
  })

  test("drops what is written after the end and after the close", async () => {
    const { socket, peer } = await connected()
    socket.end()
    socket.write("late")
    await eventually(() => peer.isClosed && events.includes("close"), "the end")
    socket.write("later")
    expect(socket.dSnd).toBeUndefined()
    socket.end()
    await new Promise(setImmediate)
    expect([peer.received, events]).toEqual(["", ["connect", "close"]])
  })

  test.each(["end", "reset"] as const)("tells of a peer's %s once, after its last bytes", async (how) => {
    const { peer } = await connected()
    if (how === "end") peer.send("bye")
    peer[how]()
    await eventually(() => events.includes("close"), "the close")
    await new Promise(setImmediate)
    expect(events).toEqual(["connect", "close"])
    expect(received).toBe(how === "end" ? "bye" : "")
  })

  test("tells of a reset once while bytes wait", async () => {
    const { socket, peer } = await connected()
    peer.stream.pause()
    socket.write("x".repeat(8 << 20))
    peer.reset()
    await eventually(() => events.includes("close"), "the close")
    expect(socket.dSnd).toBeUndefined()
    expect(events).toEqual(["connect", "close"])
  })

  test("tells of a port where nobody listens by one close", async () => {
    const { address } = listener
    listener.close()
    const socket = dial(address)
    socket.write("x")
    expect(events).toEqual([])
    await eventually(() => events.length > 0, "the close")
    await new Promise(setImmediate)
    expect(events).toEqual(["close"])
  })

  test("is silent after removeAllListeners, whatever happens", async () => {
    const { address } = listener
    const { socket, peer } = await connected()
    socket.on("drain", () => events.push("drain"))
    events.length = 0
    socket.removeAllListeners()
    socket.write("x")
    peer.send("y")
    peer.reset()
    await eventually(() => peer.isClosed, "the reset")
    listener.close()
    const refused = dial(address)
    refused.removeAllListeners()
    refused.end()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([events, received]).toEqual([[], ""])
  })

  test("stops in the middle of an event when a listener removes all", async () => {
    const { socket, peer } = await connected()
    socket.on("data", () => {
      events.push("first")
      socket.removeAllListeners()
    })
    socket.on("data", () => events.push("second"))
    peer.send("x")
    await eventually(() => events.includes("first"), "the data")
    expect(events).toEqual(["connect", "first"])
  })

  test("gives a peer that does not answer the end two seconds, and counts a slow one's progress", async () => {
    const { socket, peer } = await connected()
    peer.stream.pause()
    socket.write("x".repeat(8 << 20))
    await new Promise(setImmediate)
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    socket.end()
    await vi.advanceTimersByTimeAsync(1999)
    expect(events).toEqual(["connect"])
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    await eventually(() => events.includes("close"), "the close")
    expect(events).toEqual(["connect", "close"])
  })

  test("delivers any writes as the same bytes", async () => {
    const { socket, peer } = await connected()
    const writes = fc.array(fc.tuple(fc.nat(255), fc.oneof(fc.nat(140), fc.nat(70_000)), fc.boolean()), {
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(writes, async (list) => {
        peer.received = ""
        let sent = ""
        for (const [byte, length, isLast] of list) {
          const bytes = String.fromCharCode(byte).repeat(length)
          socket.write(bytes)
          sent += bytes
          if (isLast) await new Promise(setImmediate)
        }
        await eventually(() => peer.received.length >= sent.length, "the bytes")
        expect(peer.received === sent).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
})
