import { beforeEach, describe, expect, test } from "vitest"
import { createBackoff } from "../../src/net/backoff"
import { keepWifi } from "../../src/net/wifi-link"
import { FakeClock } from "../fakes/clock"
import { FakeWifi } from "../fakes/wifi"

let clock: FakeClock
let wifi: FakeWifi
let events: string[]

beforeEach(() => {
  clock = new FakeClock()
  wifi = new FakeWifi()
  events = []
  // Random 1: the waits are exactly 1, 2, 4, 8 s.
  const backoff = createBackoff(() => 1, 1000)
  keepWifi(
    wifi,
    clock,
    backoff,
    "net",
    "pw",
    () => void events.push("up"),
    (why) => void events.push(`down ${why}`),
  )
  clock.advance(0)
})

describe("the Wi-Fi link", () => {
  test("tries at once, and is up with the first lease", () => {
    wifi.join()
    expect([wifi.attempts, events]).toEqual([["net/pw"], ["up"]])
    clock.advance(3_600_000)
    expect(wifi.attempts).toHaveLength(1)
  })

  test("does not start inside the call that makes it", () => {
    const other = new FakeWifi()
    keepWifi(
      other,
      new FakeClock(),
      createBackoff(() => 1, 1000),
      "net",
      "pw",
      () => undefined,
      () => undefined,
    )
    expect(other.attempts).toEqual([])
  })

  test.each(["2v29", "later"] as const)(
    "with a wrong password tells the reason once an attempt and slows down (%s)",
    (firmware) => {
      for (const waitMs of [1000, 2000, 4000, 8000, 16_000]) {
        const before = wifi.attempts.length
        wifi.refuse("15", firmware)
        clock.advance(waitMs - 1)
        expect(wifi.attempts).toHaveLength(before)
        clock.advance(1)
        expect(wifi.attempts).toHaveLength(before + 1)
      }
      expect(events).toEqual(Array(5).fill("down 15"))
    },
  )

  test("with the right password at last is up", () => {
    for (const waitMs of [1000, 2000, 4000]) {
      wifi.refuse("201", "2v29")
      clock.advance(waitMs)
    }
    wifi.join()
    expect(events.slice(3)).toEqual(["up"])
  })

  test("starts over with the first wait after 60 s of link, and not before: some access points lease and throw out", () => {
    wifi.join()
    for (const [linkMs, waitMs] of [
      [59_999, 1000],
      [59_999, 2000],
      [59_999, 4000],
      [60_000, 1000],
      [0, 2000],
    ] as const) {
      clock.advance(linkMs)
      const before = wifi.attempts.length
      wifi.lose("8")
      clock.advance(waitMs - 1)
      expect([linkMs, waitMs, wifi.attempts.length]).toEqual([linkMs, waitMs, before])
      clock.advance(1)
      expect(wifi.attempts).toHaveLength(before + 1)
      wifi.join()
    }
  })

  test("comes back when the access point does", () => {
    wifi.join()
    wifi.lose("200")
    clock.advance(1000)
    wifi.refuse("201", "2v29")
    clock.advance(2000)
    wifi.join()
    expect([events, wifi.attempts.length]).toEqual([["up", "down 200", "down 201", "up"], 3])
  })

  test("prefers the firmware's words to its number", () => {
    wifi.refuse("15", "2v29", "4WAY_HANDSHAKE_TIMEOUT")
    expect(events).toEqual(["down 4WAY_HANDSHAKE_TIMEOUT"])
  })

  test("gives a silent firmware 20 s, makes it leave, and tries again", () => {
    clock.advance(19_999)
    expect(events).toEqual([])
    clock.advance(1)
    expect([events, wifi.disconnects]).toEqual([["down no answer"], 1])
    clock.advance(1000)
    expect(wifi.attempts).toHaveLength(2)
  })

  test("takes a lease that comes after the deadline, and does not try again", () => {
    clock.advance(20_500)
    wifi.rejoin()
    clock.advance(60_000)
    expect([events, wifi.attempts.length]).toEqual([["down no answer", "up"], 1])
  })

  test("knows that a second 'connected' means sockets are gone", () => {
    wifi.join()
    wifi.rejoin()
    expect(events).toEqual(["up", "down joined again", "up"])
    clock.advance(3_600_000)
    expect(wifi.attempts).toHaveLength(1)
  })

  test("tells a loss once, however often the firmware repeats it", () => {
    wifi.join()
    wifi.lose()
    wifi.lose()
    wifi.lose()
    expect(events).toEqual(["up", "down 200"])
    clock.advance(1000)
    expect(wifi.attempts).toHaveLength(2)
  })
})
