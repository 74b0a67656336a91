import { describe, expect, test } from "vitest"
import { ScriptedNetwork } from "./network"

const ADDRESS = { host: "10.0.0.2", port: 1883 }

function connected() {
  const network = new ScriptedNetwork()
  network.allow()
  network.connect(ADDRESS)
  return { network, socket: network.socket }
}

describe("scripted network", () => {
  test("fails on a connect nobody announced, even when the caller swallows it", () => {
    const network = new ScriptedNetwork()
    expect(() => network.connect(ADDRESS)).toThrow("not announced")
    expect(() => network.finish()).toThrow("not announced")
  })

  test("fails on a connect to another address", () => {
    const network = new ScriptedNetwork()
    network.allow("10.0.0.3:1883")
    expect(() => network.connect(ADDRESS)).toThrow("instead of 10.0.0.3:1883")
  })

  test("refuses as the chip does, which is no failure of the script", () => {
    const network = new ScriptedNetwork()
    network.refuse()
    expect(() => network.connect(ADDRESS)).toThrow("Unable to create socket")
    network.finish()
  })

  test("fails when an announced connect did not come", () => {
    const network = new ScriptedNetwork()
    network.allow()
    expect(() => network.finish()).toThrow("nobody connected")
  })

  test("fails on bytes nobody looked at", () => {
    const { network, socket } = connected()
    socket.write("ab")
    expect(() => network.finish()).toThrow("61 62")
  })

  test("fails on a write after end", () => {
    const { network, socket } = connected()
    socket.end()
    expect(() => socket.write("x")).toThrow("after end")
    expect(() => network.finish()).toThrow("after end")
  })

  test("fails on a write of anything but bytes, and on a listener the chip's socket would never call", () => {
    const { socket } = connected()
    expect(() => socket.write(["a"] as unknown as string)).toThrow("write of a object")
    expect(() => socket.on("readable", () => undefined)).toThrow("listens to readable")
  })

  test("shows what was sent once", () => {
    const { network, socket } = connected()
    socket.write("a")
    socket.write("b")
    expect(socket.sent()).toBe("61 62")
    expect(socket.sent()).toBe("")
    network.finish()
  })

  test("keeps bytes under dSnd while it is stalled, and tells when they are gone", () => {
    const { socket } = connected()
    let drains = 0
    socket.on("drain", () => drains++)
    socket.stall()
    socket.write("ab")
    expect([socket.dSnd, socket.sent(), drains]).toEqual(["ab", "", 0])
    socket.drain()
    expect([socket.dSnd, socket.sent(), drains]).toEqual([undefined, "61 62", 1])
    expect(() => socket.drain()).toThrow("never stalled")
  })

  test("lets some of the waiting bytes leave in silence", () => {
    const { socket } = connected()
    socket.stall()
    socket.write("abc")
    socket.leave(2)
    expect([socket.sent(), socket.dSnd]).toEqual(["61 62", "c"])
    expect(() => socket.leave(1)).toThrow("cannot leave")
  })

  test("delivers bytes and the close to every listener, until they are removed", () => {
    const { socket } = connected()
    const heard: string[] = []
    socket.on("data", (bytes) => heard.push(bytes))
    socket.on("close", () => heard.push("close"))
    socket.give("61")
    socket.closeByPeer()
    socket.removeAllListeners()
    socket.give("62")
    expect(heard).toEqual(["a", "close"])
  })

  test("calls a listener with the socket as `this`, as firmware does", () => {
    const { socket } = connected()
    const heard: unknown[] = []
    socket.on("close", function (this: unknown) {
      heard.push(this)
    })
    socket.closeByPeer()
    expect(heard).toEqual([socket])
  })

  test("calls for a close that was queued whoever listened then", () => {
    const { socket } = connected()
    const heard: string[] = []
    socket.on("close", () => heard.push("close"))
    const lateClose = socket.queueClose()
    socket.removeAllListeners()
    expect(heard).toEqual([])
    lateClose()
    expect(heard).toEqual(["close"])
  })

  test("fails when a script goes on after the client ended the connection", () => {
    const { socket } = connected()
    socket.end()
    expect(() => socket.give("61")).toThrow("was ended")
    expect(() => socket.closeByPeer()).toThrow("was ended")
  })
})
