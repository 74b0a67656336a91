import { beforeEach, describe, expect, test } from "vitest"
import { createBackoff } from "../../src/net/backoff"
import { createSupervisor, type Supervisor } from "../../src/net/supervisor"
import { FakeClock } from "../fakes/clock"
import { FakeWifi } from "../fakes/wifi"

/** The broker closed the connection without a word. */
const CLOSED = 6

let clock: FakeClock
let wifi: FakeWifi
let log: string[]
let isReachable: boolean
let supervisor: Supervisor

/** A client that only says what it was told to do; `during` is what happens while it blocks. */
function make(host = "10.0.0.2", during = () => {}): void {
  clock = new FakeClock()
  wifi = new FakeWifi()
  log = []
  isReachable = true
  const client = {
    open(address: string, port: number) {
      log.push(`open ${address}:${port}`)
      during()
      return isReachable ? 0 : -1
    },
    drop: (reason: number) => void log.push(`drop ${reason}`),
  }
  const backoff = createBackoff(() => 1, 1000)
  supervisor = createSupervisor(
    client,
    wifi,
    clock,
    backoff,
    { host, port: 1883 },
    () => void log.push("kick"),
    (ip) => log.push(ip ? "unreachable" : "unknown"),
  )
}

const seen = () => log.splice(0)
const DIAL = ["kick", "open 10.0.0.2:1883"]

/** The next dial comes after exactly this long. */
function expectDialAfter(waitMs: number): void {
  clock.advance(waitMs - 1)
  expect(seen()).toEqual([])
  clock.advance(1)
  expect(seen()).toEqual(DIAL)
}

beforeEach(() => make())

describe("reaching the broker", () => {
  test("waits for Wi-Fi, then dials an address at once, after kicking the watchdog", () => {
    clock.advance(60_000)
    expect(seen()).toEqual([])
    supervisor.onWifiUp()
    expect([seen(), wifi.lookups]).toEqual([DIAL, []])
  })

  test("looks a name up first, without blocking", () => {
    make("broker.local")
    supervisor.onWifiUp()
    expect([seen(), wifi.lookups[0]!.host]).toEqual([[], "broker.local"])
    wifi.resolve("10.0.0.2")
    expect(seen()).toEqual(DIAL)
  })

  test.each([undefined, null, ""])("tries a name again later when the answer is %j", (answer) => {
    make("broker.local")
    supervisor.onWifiUp()
    wifi.resolve(answer)
    expect(seen()).toEqual(["kick", "unknown"])
    clock.advance(1000)
    expect(wifi.lookups).toHaveLength(1)
  })

  test("gives a lookup 15 s, and ignores its answer after that", () => {
    make("broker.local")
    supervisor.onWifiUp()
    clock.advance(14_999)
    expect(seen()).toEqual([])
    clock.advance(1)
    expect(seen()).toEqual(["kick", "unknown"])
    wifi.resolve("10.0.0.2")
    expect(seen()).toEqual([])
    clock.advance(1000)
    wifi.resolve("10.0.0.2")
    expect(seen()).toEqual(DIAL)
  })

  test("dials an unreachable broker ever more slowly, and tells each time", () => {
    isReachable = false
    supervisor.onWifiUp()
    expect(seen()).toEqual([...DIAL, "unreachable"])
    for (const waitMs of [1000, 2000, 4000, 8000, 16_000]) {
      clock.advance(waitMs - 1)
      expect(seen()).toEqual([])
      clock.advance(1)
      expect(seen()).toEqual([...DIAL, "unreachable"])
    }
  })

  test("dials a broker that refuses ever more slowly", () => {
    supervisor.onWifiUp()
    expect(seen()).toEqual(DIAL)
    for (const waitMs of [1000, 2000, 4000, 8000]) {
      supervisor.onClientDown(CLOSED)
      expectDialAfter(waitMs)
    }
  })
})

describe("a connection that was up", () => {
  test("resets the waits after 60 s, and not before", () => {
    supervisor.onWifiUp()
    seen()
    supervisor.onClientDown(CLOSED)
    expectDialAfter(1000)
    supervisor.onClientUp()
    clock.advance(59_999)
    supervisor.onClientDown(CLOSED)
    expectDialAfter(2000)
    supervisor.onClientUp()
    clock.advance(60_000)
    supervisor.onClientDown(CLOSED)
    clock.advance(1000)
    expect(seen()).toEqual(DIAL)
  })

  test("is not redialled in a tight loop when the broker accepts and kicks at once", () => {
    supervisor.onWifiUp()
    for (let i = 0; i < 200; i++) {
      supervisor.onClientUp()
      supervisor.onClientDown(CLOSED)
      clock.advance(500)
    }
    // 100 s, in which the wait of a second ends once, and the longer ones start over with every kick.
    expect(seen().filter((line) => line.startsWith("open")).length).toBeLessThan(20)
  })

  test("is left alone for as long as it lives", () => {
    supervisor.onWifiUp()
    supervisor.onClientUp()
    seen()
    clock.advance(86_400_000)
    expect(seen()).toEqual([])
  })
})

describe("Wi-Fi lost", () => {
  test("drops the client with the reason, and does not dial until Wi-Fi is back", () => {
    supervisor.onWifiUp()
    supervisor.onClientUp()
    seen()
    supervisor.onWifiDown(11)
    supervisor.onClientDown(CLOSED)
    clock.advance(600_000)
    expect(seen()).toEqual(["drop 11"])
    supervisor.onWifiUp()
    expect(seen()).toEqual(DIAL)
  })

  test("while a name is looked up: the late answer is not dialled", () => {
    make("broker.local")
    supervisor.onWifiUp()
    supervisor.onWifiDown(11)
    wifi.resolve("10.0.0.2")
    clock.advance(60_000)
    expect(seen()).toEqual(["drop 11"])
  })

  test("while waiting to retry: the wait ends", () => {
    isReachable = false
    supervisor.onWifiUp()
    supervisor.onWifiDown(11)
    seen()
    clock.advance(60_000)
    expect(seen()).toEqual([])
  })

  test("while dialling blocked: it dials again when Wi-Fi is back, and once", () => {
    make("10.0.0.2", () => clock.block(30_000))
    supervisor.onWifiUp()
    supervisor.onWifiDown(11)
    supervisor.onClientDown(CLOSED)
    supervisor.onWifiUp()
    clock.advance(60_000)
    expect(seen()).toEqual([...DIAL, "drop 11", ...DIAL])
  })

  test("told twice is dropped twice, which the client bears, and dialled once", () => {
    supervisor.onWifiUp()
    supervisor.onWifiDown(11)
    supervisor.onWifiDown(11)
    supervisor.onWifiUp()
    supervisor.onWifiUp()
    expect(seen()).toEqual([...DIAL, "drop 11", "drop 11", ...DIAL])
  })
})
