import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { Frames } from "../../../sim/broker/frames"
import { bench } from "./peer"

/** Packets as they come out, "header body". */
function cutter(maximum = Infinity) {
  const out: string[] = []
  const frames = new Frames(
    (frame, body) => out.push(`${frame.subarray(0, body).toString("hex")} ${frame.subarray(body).toString("hex")}`),
    () => maximum,
  )
  const feed = (bytes: Uint8Array) => frames.receive(Buffer.from(bytes), () => true)
  return { out, feed }
}

test("any split of a stream gives the same packets", () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 })
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(500), { maxLength: 10 }), (contents, cuts) => {
      const packets = contents.map((body) => Buffer.concat([Buffer.from([0x30, ...lengthOf(body.length)]), body]))
      const stream = Buffer.concat(packets)
      const { out, feed } = cutter()
      const at = [...cuts.filter((cut) => cut < stream.length).sort((a, b) => a - b), stream.length]
      at.forEach((end, i) => feed(stream.subarray(at[i - 1] ?? 0, end)))
      expect(out.map((text) => text.replace(" ", ""))).toEqual(packets.map((packet) => packet.toString("hex")))
    }),
  )
})

describe("is refused before the packet has come", () => {
  test("a fifth length byte", () => expect(() => cutter().feed(Buffer.from("30ffffffff", "hex"))).toThrow(/fifth/))
  test("a length beyond the limit", () =>
    expect(() => cutter(100).feed(Buffer.from("3063", "hex"))).toThrow("101 bytes"))
})

test("a packet as long as the limit is taken", () => {
  const { out, feed } = cutter(4)
  feed(Buffer.from("30020000", "hex"))
  expect(out).toEqual(["3002 0000"])
})

test("what follows a fault or DISCONNECT is not read", () => {
  const t = bench()
  t.five().raw(Buffer.concat([Buffer.from("e000", "hex"), Buffer.from("3005000174 0078".replace(" ", ""), "hex")]))
  expect(t.broker.messages).toEqual([])
})

function lengthOf(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, value >> 7]
}
