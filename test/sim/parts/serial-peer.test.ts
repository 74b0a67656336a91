import { describe, expect, test } from "vitest"
import { SerialPeer } from "../../../sim/parts/serial-peer"
import { LOW } from "../../../sim/pins/net"
import { bench } from "./bench"

function peer(options = {}) {
  const table = bench(1, undefined, options)
  const part = new SerialPeer(table.place)
  part.powerOn()
  const { serial } = table.place.buses
  const heard: { baud: number; bytes: string; startUs: number }[] = []
  serial.listen(table.net("tx"), (run) => heard.push(run))
  const toPeer = (bytes: string, baud = 9600) =>
    serial.send(table.net("rx"), table.host, { baud, bytes, startUs: table.clock.nowUs })
  return { ...table, part, heard, toPeer }
}

test("hands on what was sent once its last stop bit is in", () => {
  const { part, toPeer, clock } = peer()
  const got: string[] = []
  part.onReceive = (bytes) => got.push(bytes)
  toPeer("hi")
  clock.advance(2_030) // 19.5 bits of 104.17 us are 2031
  expect(got).toEqual([])
  clock.advance(2)
  expect([got, part.received]).toEqual([["hi"], "hi"])
})

test("sends at its baud rate, one behind the other", () => {
  const { part, heard, clock } = peer({ baud: 19_200 })
  part.send("abc")
  part.send([1, 2])
  clock.advance(100_000)
  expect(heard).toEqual([
    { baud: 19_200, bytes: "abc", startUs: 0 },
    { baud: 19_200, bytes: "\x01\x02", startUs: 1563 },
  ])
})

test("drops bytes whose stop bit is broken, and counts them", () => {
  const { part, toPeer, clock } = peer()
  toPeer("\x00\x00\x00", 2400)
  clock.advance(1_000_000)
  expect(part.framingErrors).toBeGreaterThan(0)
  expect(part.received).toBe("")
  expect(part.values()).toEqual({ received: 0, framingErrors: part.framingErrors })
})

describe("hears and says nothing", () => {
  test("without power, and its line falls", () => {
    const { part, net, heard, toPeer, clock } = peer()
    expect(net("tx").level).toBe(1)
    part.powerOff()
    expect(net("tx").state).toBe("float")
    part.send("x")
    toPeer("y")
    clock.advance(100_000)
    expect([heard, part.received]).toEqual([[], ""])
  })

  test("when it is missing", () => {
    const { part, heard, toPeer, clock } = peer()
    part.faults.missing = true
    part.send("x")
    toPeer("y")
    clock.advance(100_000)
    expect([heard, part.received]).toEqual([[], ""])
  })

  test("over a wire that is held", () => {
    const { part, net, toPeer, clock } = peer()
    net("rx").drive({}, LOW)
    toPeer("y")
    clock.advance(100_000)
    expect(part.received).toBe("")
  })
})
