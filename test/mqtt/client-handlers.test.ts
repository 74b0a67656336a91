import { describe, expect, test } from "vitest"
import { DOWN_BY_US, E_HANDLER } from "../../src/mqtt/constants"
import { onlineBench, type Bench } from "./bench"
import { PINGRESP, publish } from "./reference"

/** Listens to "a" and "w/+", and to "bad" twice, the first time with a bug. */
function withBug(): Bench {
  const bench = onlineBench()
  bench.listen("a")
  bench.listen("w/+", 1)
  bench.mqtt.subscribe("bad", () => {
    throw new Error("bug in the program")
  })
  bench.listen("bad")
  bench.socket.sent()
  return bench
}

describe("a handler that throws", () => {
  test.each([0, 1] as const)("at QoS %d is reported, and takes no other handler and no packet along", (qos) => {
    const bench = withBug()
    const bad = publish({ topic: "bad", payload: "x", qos, messageId: 8 })
    const behind = publish({ topic: "a", payload: "1" }) + publish({ topic: "w/1", payload: "2", qos: 1, messageId: 9 })
    bench.socket.giveBytes(bad + behind)
    const [report, ...others] = bench.seen()
    expect(report).toMatch(new RegExp(`^trouble ${E_HANDLER} Error: bug in the program`))
    expect(others).toEqual(["bad: bad=x", "a: a=1", "w/+: w/1=2"])
    expect(bench.socket.sent()).toBe(qos ? "40 02 00 08 40 02 00 09" : "40 02 00 09")
  })

  test("alone in its chunk is reported as well", () => {
    for (const qos of [0, 1] as const) {
      const bench = onlineBench()
      bench.mqtt.subscribe("bad", () => {
        throw new Error("bug in the program")
      })
      bench.listen("bad")
      bench.socket.sent()
      bench.socket.giveBytes(publish({ topic: "bad", payload: "x", qos, messageId: 8 }))
      expect(bench.seen()).toEqual([expect.stringContaining("bug in the program"), "bad: bad=x"])
      expect(bench.socket.sent()).toBe(qos ? "40 02 00 08" : "")
    }
  })

  test("does not hide the answer to a ping behind it", () => {
    const bench = withBug()
    bench.clock.advance(30_000)
    bench.socket.giveBytes(publish({ topic: "bad", payload: "x" }) + PINGRESP)
    bench.clock.advance(30_000)
    expect([bench.mqtt.isOnline(), bench.socket.sent()]).toEqual([true, "c0 00 c0 00"])
  })
})

describe("a handler that hangs up", () => {
  test("gets nothing more, and nothing is sent after DISCONNECT", () => {
    const bench = onlineBench()
    bench.mqtt.subscribe("bye", () => bench.mqtt.close())
    bench.socket.sent()
    const behind = publish({ topic: "w/1", payload: "2", qos: 1, messageId: 9 })
    bench.socket.giveBytes(publish({ topic: "bye", payload: "" }) + behind)
    expect([bench.seen(), bench.socket.sent()]).toEqual([[`down ${DOWN_BY_US}`], "e0 00"])
  })
})
