import { beforeEach, describe, expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"
import { Random } from "../../../sim/clock/random"
import type { End } from "../../../sim/network/connection"
import { Tcp } from "../../../sim/network/tcp"
import { Wifi } from "../../../sim/network/wifi"
import { oneBoard, online } from "../fixture"

let clock: Clock
let tcp: Tcp
let share: number
let accepted: number

function setUp(seed: number): void {
  clock = new Clock()
  tcp = new Tcp(clock, new Random(seed))
  share = 0
  accepted = 0
  tcp.serve("10.0.0.1", 7000, { isListening: () => true, accept: () => accepted++ })
  tcp.line("board").set({ isUp: true })
  tcp.line("board").lossShare = () => share
}
beforeEach(() => setUp(1))

function connected(): { board: End; service: End; heard: string[] } {
  const dial = tcp.dial("board", "10.0.0.1", 7000)
  if (dial.outcome !== "open") throw new Error(dial.outcome)
  clock.advance(dial.afterUs)
  const heard: string[] = []
  dial.connection.service.onData = (bytes) => heard.push(bytes)
  dial.connection.service.onClose = (reason) => heard.push(`<${reason}>`)
  return { ...dial.connection, heard }
}

/** House time until 100 numbered writes have arrived. */
function timeOfHundred(): number {
  const { board, heard } = connected()
  const written = Array.from({ length: 100 }, (_, i) => `${i};`)
  for (const bytes of written) {
    board.send(bytes)
    clock.advance(20_000)
  }
  const sentUs = clock.nowUs
  while (heard.join("").length < written.join("").length && clock.nextAtUs() < Infinity)
    clock.runUntil(clock.nextAtUs())
  expect(heard.join("")).toBe(written.join(""))
  return clock.nowUs - sentUs
}

describe("segments that are lost", () => {
  test("come late, in order and once, by the seed", () => {
    const times = [0, 0.05, 0.3, 0.3].map((each) => {
      setUp(1)
      share = each
      return timeOfHundred()
    })
    expect(times[0]).toBeLessThan(10_000)
    expect(times[2]).toBeGreaterThan(1_000_000)
    expect(times[3]).toBe(times[2])
    setUp(2)
    share = 0.3
    expect(timeOfHundred()).not.toBe(times[2])
  })

  test("are sent again after 1, 2, 4 ... seconds, and the connection dies at the retransmission limit", () => {
    const { board, service, heard } = connected()
    const closed: [string, number][] = []
    board.onClose = (reason) => closed.push([reason, clock.nowUs])
    const fromUs = clock.nowUs
    share = 1
    board.send("never seen")
    for (const [advanceUs, arrivals] of [
      [119_000_000, 0],
      [5_000_000, 1],
    ]) {
      // prettier-ignore
      clock.advance(advanceUs)
      expect(closed).toHaveLength(arrivals)
    }
    expect(closed[0][0]).toBe("timeout")
    expect(closed[0][1] - fromUs).toBeCloseTo(120_000_000, -5)
    expect([board.isOpen, service.isOpen, heard]).toEqual([false, true, []])
    expect(clock.nextAtUs()).toBe(Infinity)
  })

  test("arrive with the next repeat once the air is clear", () => {
    const { board, heard } = connected()
    share = 1
    board.send("a")
    clock.advance(2_500_000) // lost at once and at 1 s; next at 3 s
    board.send("b")
    board.close()
    share = 0
    clock.advance(400_000)
    expect(heard).toEqual([])
    clock.advance(200_000)
    expect(heard).toEqual(["ab", "<fin>"])
  })
})

describe("connecting", () => {
  test("takes whole seconds longer when SYNs are lost, and times out when all are", () => {
    share = 0.5
    const dials = Array.from({ length: 40 }, () => tcp.dial("board", "10.0.0.1", 7000))
    const seconds = dials.map(({ outcome, afterUs }) => (outcome === "open" ? Math.floor(afterUs / 1e6) : outcome))
    expect(new Set(seconds)).toEqual(new Set([0, 1, 3, 7, 15, "timeout"]))
    share = 1
    expect(tcp.dial("board", "10.0.0.1", 7000)).toEqual({ outcome: "timeout", afterUs: 20_000_000 })
    expect(accepted).toBe(0)
  })

  test("a look-up is repeated too, within the name server's time", () => {
    tcp.names.set("srv", "10.0.0.1")
    expect(tcp.lookUp("board", "srv")).toMatchObject({ ip: "10.0.0.1" })
    share = 1
    expect(tcp.lookUp("board", "srv")).toEqual({ ip: undefined, afterUs: 5_000_000 })
  })
})

describe("the radio", () => {
  test.each([
    [0, -58, 0],
    [0, -80, 0],
    [0, -86, 7.5],
    [0, -92, 30],
    [10, -58, 10],
    [10, -92, 37],
    [100, -58, 100],
  ])("at %i %% and %i dBm loses %f of a hundred", (lossPct, rssiDbm, pct) => {
    const wifi = new Wifi({ ssid: "x", password: "" })
    Object.assign(wifi, { lossPct, rssiDbm })
    expect(100 * wifi.lossShare()).toBeCloseTo(pct, 6)
  })

  test("a board hears everything through 20 % loss, only later", async () => {
    const seconds = async (lossPct: number) => {
      const { house, board } = oneBoard(
        online(`var t = getTime(), n = 0, s = net.connect({ host: "srv", port: 7000 });
          s.on("data", function (d) { n += d.length; if (n === 60000) print(getTime() - t) })`),
      )
      house.network.wifi.lossPct = lossPct
      house.network.tcp.serve("srv", 7000, {
        isListening: () => true,
        accept: ({ service }) => service.send("x".repeat(60_000)),
      })
      await house.advance("5min")
      return Number(board.logs[0].text)
    }
    expect(await seconds(0)).toBeLessThan(1)
    expect(await seconds(20)).toBeGreaterThan(1)
  })
})
