import { describe, expect, test } from "vitest"
import { brokerService } from "../../sim/broker/service"
import { BROKER_HOST, home, numberReadings, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"

/** What arrived, without repetitions: at QoS 1 some may have arrived twice. */
function arrived(h: Home): { temperatures: number[]; link: string } {
  return { temperatures: [...new Set(readings(h).map(({ temperature }) => temperature))], link: h.house.linkOf(only) }
}

describe("the link breaks at every moment around a reading", () => {
  // The reading of 30 s: start signal at 30.351 s, published at 30.373 s, acknowledged some 6 ms later.
  const FROM_MS = 30_345
  const MOMENTS = Array.from({ length: 20 }, (_, step) => FROM_MS + 2 * step)

  const BREAKS: [string, (h: Home) => void, (h: Home) => void][] = [
    ["reset", ({ house }) => house.network.tcp.reset(), () => undefined],
    ["broker restart", ({ house }) => house.broker.stop(), ({ house }) => house.broker.start()],
    ["half-open for 70 s", ({ house }) => house.network.cut(), ({ house }) => house.network.heal()],
    ["station thrown out", ({ house }) => house.network.wifi.kick(), () => undefined],
    ["access point gone", ({ house }) => house.network.wifi.drop(), ({ house }) => house.network.wifi.restore()],
  ]

  test.each(BREAKS)("%s: QoS 1 arrives at least once, in order", async (what, breakIt, mend) => {
    for (const ms of MOMENTS) {
      const h = await home({ only })
      const read = numberReadings(h)
      await h.house.advance({ us: ms * 1000 })
      breakIt(h)
      await h.house.advance("70s")
      mend(h)
      await untilOnline(h, "150s")
      await h.house.advance("1s")
      expect(arrived(h), `${what} at ${ms} ms`).toEqual({ temperatures: read, link: "online" })
    }
  })
})

describe("the connection breaks after every byte", () => {
  /** The first connection to carry `bytes` in this direction is reset behind them; later ones are left alone. */
  function breakAfter({ house }: Home, bytes: number, direction: "to the broker" | "from the broker"): () => boolean {
    const inner = brokerService(house.broker)
    let left = bytes
    house.network.tcp.serve(BROKER_HOST, 1883, {
      isListening: () => inner.isListening(),
      accept(connection) {
        const { service } = connection
        const cut = (data: string, pass: (data: string) => void) => {
          if (left <= 0) return pass(data)
          pass(data.slice(0, left))
          left -= data.length
          if (left <= 0) service.abort()
        }
        const send = service.send.bind(service)
        if (direction === "from the broker") service.send = (data) => cut(data, send)
        inner.accept(connection)
        const { onData } = service
        if (direction === "to the broker") service.onData = (data) => cut(data, onData)
      },
    })
    return () => left <= 0
  }

  test.each([
    ["to the broker", 110], // CONNECT, a PUBLISH, half of the next
    ["from the broker", 11], // CONNACK, PUBACK, half of the next
  ] as const)("%s: nothing is lost", async (direction, most) => {
    for (let bytes = 1; bytes <= most; bytes++) {
      const h = await home({ only })
      const wasBroken = breakAfter(h, bytes, direction)
      const read = numberReadings(h)
      await h.house.advance("65s")
      expect(wasBroken(), `byte ${bytes}`).toBe(true)
      expect(arrived(h), `byte ${bytes}`).toEqual({ temperatures: read, link: "online" })
    }
  })
})
