import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import { Clock } from "../../../sim/clock/clock"
import { Random } from "../../../sim/clock/random"
import type { Connection, End } from "../../../sim/network/connection"
import { Tcp } from "../../../sim/network/tcp"

let clock: Clock
let tcp: Tcp
let accepted: Connection[]
let isListening: boolean

beforeEach(() => {
  clock = new Clock()
  tcp = new Tcp(clock, new Random(1))
  accepted = []
  isListening = true
  tcp.jitterMs = 0
  tcp.serve("srv", 7000, { isListening: () => isListening, accept: (connection) => accepted.push(connection) })
  tcp.line("board").set({ isUp: true })
})

/** An open connection; what each end hears. */
function connected() {
  const dial = tcp.dial("board", tcp.names.get("srv")!, 7000)
  if (dial.outcome !== "open") throw new Error(dial.outcome)
  clock.advance(dial.afterUs)
  const { board, service } = dial.connection
  return { board, service, boardHeard: listen(board), serviceHeard: listen(service), connection: dial.connection }
}

function listen(end: End): string[] {
  const heard: string[] = []
  end.onData = (bytes) => heard.push(`${clock.nowUs} ${bytes}`)
  end.onClose = (reason) => heard.push(`${clock.nowUs} <${reason}>`)
  return heard
}

const text = (heard: string[]) => heard.map((line) => line.replace(/^\d+ /, "")).join("")

describe("dialling", () => {
  test.each([
    ["by address takes a round trip", () => tcp.names.get("srv")!, 4000],
    ["by name takes another for the look-up", () => "srv", 8000],
  ])("%s, and the service hears of it half a round trip before", (_, host, afterUs) => {
    const dial = tcp.dial("board", host(), 7000)
    expect([dial.outcome, dial.afterUs]).toEqual(["open", afterUs])
    clock.advance(afterUs - 2001)
    expect(accepted).toHaveLength(0)
    clock.advance(1)
    expect(accepted).toHaveLength(1)
  })

  test.each<[string, () => void, string, number, string, number]>([
    ["a closed port", () => undefined, "192.168.4.100", 7001, "refused", 4_000],
    ["a service that does not listen", () => (isListening = false), "192.168.4.100", 7000, "refused", 4_000],
    ["an unknown name", () => undefined, "nobody", 1, "no-host", 4_000],
    ["a name server that is gone", () => (tcp.dns = "gone"), "srv", 7000, "no-host", 5_000_000],
    ["an address where nobody is", () => undefined, "10.1.1.1", 1, "timeout", 20_000_000],
    ["a host that is off", () => tcp.silentHosts.add("srv"), "srv", 7000, "timeout", 20_004_000],
    ["no Wi-Fi, by address", () => tcp.line("board").set({ isUp: false }), "192.168.4.100", 7000, "no-route", 100],
    ["no Wi-Fi, by name", () => tcp.line("board").set({ isUp: false }), "srv", 7000, "no-host", 100],
    ["a cut line, by address", () => tcp.cut("board"), "192.168.4.100", 7000, "timeout", 20_000_000],
  ])("%s", (_, arrange, host, port, outcome, afterUs) => {
    arrange()
    expect(tcp.dial("board", host, port)).toEqual({ outcome, afterUs })
  })
})

describe("bytes", () => {
  test("arrive after the latency, in order, both ways", () => {
    const { board, service, boardHeard, serviceHeard } = connected()
    board.send("ping")
    service.send("pong")
    clock.advance(10_000)
    expect([serviceHeard, boardHeard]).toEqual([["6000 ping"], ["6000 pong"]])
  })

  test("are split at the segment size, and merged when told to", () => {
    tcp.segmentBytes = 2
    const { board, serviceHeard } = connected()
    tcp.jitterMs = 1
    board.send("abcde")
    clock.advance(10_000)
    expect(serviceHeard.map((line) => line.split(" ")[1]).join("|")).toMatch(/^ab\|cd\|e$/)
    tcp.mergeMs = 5
    board.send("vw")
    clock.advance(1_000)
    board.send("xyz")
    clock.advance(20_000)
    expect(serviceHeard.at(-1)).toMatch(/ vwxyz$/)
  })

  test("any latency, jitter, segment and merge time gives the same stream", () => {
    const traits = fc.record({
      latencyMs: fc.nat(50),
      jitterMs: fc.nat(50),
      segmentBytes: fc.integer({ min: 1, max: 7 }),
      mergeMs: fc.nat(5),
    })
    fc.assert(
      fc.property(traits, fc.array(fc.string({ maxLength: 20 }), { maxLength: 10 }), (change, writes) => {
        Object.assign(tcp, change)
        const { board, serviceHeard, service } = connected()
        let arrived = ""
        service.onData = (bytes) => (arrived += bytes)
        for (const bytes of writes) {
          board.send(bytes)
          clock.advance(3_000)
        }
        board.close()
        clock.advance(60_000_000)
        expect(arrived).toBe(writes.join(""))
        expect(text(serviceHeard)).toBe("<fin>")
      }),
      { numRuns: 50 },
    )
  })

  test("jitter is seeded by board: the same again, and not shifted by another board", () => {
    const arrivals = (withOther: boolean) => {
      const fresh = new Tcp(new Clock(), new Random(1))
      fresh.serve("srv", 1, { isListening: () => true, accept: () => undefined })
      for (const name of ["board", "other"]) fresh.line(name).set({ isUp: true })
      if (withOther) fresh.dial("other", "srv", 1)
      return [fresh.dial("board", "srv", 1).afterUs, fresh.dial("board", "srv", 1).afterUs]
    }
    expect(arrivals(true)).toEqual(arrivals(false))
    expect(new Set(arrivals(false)).size).toBe(2)
  })
})

describe("closing", () => {
  test("an orderly close comes after everything sent, and ends both sides", () => {
    const { board, service, boardHeard, serviceHeard } = connected()
    service.send("last words")
    service.close()
    clock.advance(10_000)
    expect(boardHeard).toEqual(["6000 last words", "6000 <fin>"])
    expect([board.isOpen, service.isOpen, serviceHeard]).toEqual([false, false, []])
  })

  test("a reset comes as such, and drops what was not sent yet", () => {
    const { board, service, boardHeard } = connected()
    tcp.stall("board")
    service.send("never seen")
    service.abort()
    tcp.resume("board")
    clock.advance(10_000)
    expect(text(boardHeard)).toBe("<reset>")
    expect(board.isOpen).toBe(false)
  })

  test("reset() tears down both ends and tells them", () => {
    const { boardHeard, serviceHeard } = connected()
    tcp.reset("board")
    clock.advance(10_000)
    expect([text(boardHeard), text(serviceHeard)]).toEqual(["<reset>", "<reset>"])
    expect(tcp.connectionsOf("board")).toEqual([])
  })

  test("an end that vanished answers with a reset when it is spoken to", () => {
    const { board, service, serviceHeard } = connected()
    board.vanish()
    clock.advance(60_000_000)
    expect(service.isOpen).toBe(true)
    service.send("hello?")
    clock.advance(10_000)
    expect(text(serviceHeard)).toBe("<reset>")
  })
})

describe("a line that is cut, stalled or down", () => {
  test("holds everything and delivers it in order when it opens again", () => {
    const { board, service, boardHeard, serviceHeard } = connected()
    for (const [close, open] of [
      [() => tcp.cut(), () => tcp.heal()],
      [() => tcp.stall(), () => tcp.resume()],
    ] as const) {
      close()
      board.send("a")
      service.send("1")
      clock.advance(1_000_000)
      board.send("b")
      clock.advance(1_000_000)
      const [before, after] = [text(serviceHeard), text(boardHeard)]
      open()
      clock.advance(10_000)
      expect([text(serviceHeard), text(boardHeard)]).toEqual([before + "ab", after + "1"])
    }
  })

  test("leaves both ends half-open until the one that speaks runs out of patience", () => {
    const { board, service, boardHeard, serviceHeard } = connected()
    tcp.cut("board")
    clock.advance(3_600_000_000)
    expect([board.isOpen, service.isOpen]).toEqual([true, true])
    board.send("anyone?")
    clock.advance(120_000_000)
    expect([text(boardHeard), text(serviceHeard)]).toEqual(["", ""])
    clock.advance(10_000)
    expect([text(boardHeard), board.isOpen, service.isOpen]).toEqual(["<timeout>", false, true])
    tcp.heal("board")
    service.send("hello?")
    clock.advance(10_000)
    expect(text(serviceHeard)).toBe("<reset>")
  })

  test("of one board leaves the other boards alone", () => {
    tcp.line("other").set({ isUp: true })
    tcp.cut("board")
    expect(tcp.dial("other", "srv", 7000).outcome).toBe("open")
  })
})
