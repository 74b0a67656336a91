import { afterEach, describe, expect, test } from "vitest"
import { DOWN_NO_CONNACK, DOWN_NO_PINGRESP } from "../../src/mqtt/constants"
import { Bench, onlineBench, type BenchOptions } from "./bench"
import { PINGREQ, PINGRESP, publish } from "./reference"

let bench: Bench
const makeOnline = (options?: BenchOptions) => (bench = onlineBench(options))
afterEach(() => bench.network.finish())

describe("keep-alive", () => {
  test.each([1, 5, 60])("of %d s pings every half of it, answered [3.1.2-23]", (keepAliveS) => {
    makeOnline({ keepAliveS })
    for (let ping = 0; ping < 5; ping++) {
      bench.clock.advance(keepAliveS * 500 - 1)
      expect(bench.socket.sent()).toBe("")
      bench.clock.advance(1)
      expect(bench.socket.sent()).toBe(PINGREQ)
      bench.socket.giveBytes(PINGRESP)
    }
    expect(bench.seen()).toEqual([])
  })

  test.each([1, 5, 60])("of %d s drops a line that does not answer within the other half", (keepAliveS) => {
    makeOnline({ keepAliveS })
    bench.clock.advance(keepAliveS * 1000 - 1)
    expect([bench.socket.sent(), bench.seen()]).toEqual([PINGREQ, []])
    bench.clock.advance(1)
    expect([bench.seen(), bench.socket.isEnded]).toEqual([[`down ${DOWN_NO_PINGRESP}`], true])
    expect(bench.socket.sent()).toBe("")
  })

  test("pings however much arrives: a line that only brings may still not take", () => {
    makeOnline().listen("a")
    bench.socket.sent()
    for (let second = 0; second < 59; second++) {
      bench.clock.advance(1000)
      bench.socket.giveBytes(publish({ topic: "a", payload: "x" }))
    }
    expect(bench.socket.sent()).toBe(PINGREQ)
    bench.seen()
    bench.clock.advance(1000)
    expect(bench.seen()).toEqual([`down ${DOWN_NO_PINGRESP}`])
  })

  test("of 0 never pings and never drops (clause 3.1.2.10)", () => {
    makeOnline({ keepAliveS: 0 })
    bench.clock.advance(86_400_000)
    expect([bench.socket.sent(), bench.seen(), bench.mqtt.isOnline()]).toEqual(["", [], true])
  })

  test("of 0 still gives up on a CONNACK that does not come", () => {
    bench = new Bench({ keepAliveS: 0 })
    bench.dial()
    bench.clock.advance(10_000)
    expect(bench.seen()).toEqual([`down ${DOWN_NO_CONNACK}`])
  })

  test("takes a PINGRESP nobody asked for", () => {
    makeOnline().socket.giveBytes(PINGRESP + PINGRESP)
    expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([[], true])
  })

  test("starts afresh with each connection: an answer still owed counts no more", () => {
    makeOnline()
    bench.clock.advance(30_000)
    expect(bench.socket.sent()).toBe(PINGREQ)
    bench.socket.closeByPeer()
    bench.online()
    bench.clock.advance(30_000)
    expect(bench.socket.sent()).toBe(PINGREQ)
    bench.socket.giveBytes(PINGRESP)
    bench.clock.advance(29_999)
    expect(bench.seen()).toEqual(["down 6", "up"])
  })

  test("waits out a blocked chip: late pings are one, not many", () => {
    makeOnline()
    bench.clock.block(600_000)
    bench.clock.advance(0)
    expect([bench.socket.sent(), bench.seen()]).toEqual([PINGREQ, []])
  })
})
