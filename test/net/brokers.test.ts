import { beforeEach, describe, expect, test } from "vitest"
import type { Backoff } from "../../src/net/backoff"
import { brokers, type Address, type Way } from "../../src/net/brokers"

const CLOSED = 6
const NOT_AUTHORISED = 0x87
const USE_ANOTHER_SERVER = 0x9c
const SERVER_MOVED = 0x9d

let five: { serverReference: string | undefined }
let log: string[]
/** What the backoff was asked: reasons, and "reset". */
let asked: (number | string | undefined)[]
let way: Way

const at = (host: string, port = 1883): Address => ({ host, port })
const LONG_MS = 9999

/** Random numbers of 1: a pause is a second, and a wait of the backoff is told by its length. */
function make(...more: Address[]): void {
  five = { serverReference: undefined }
  log = []
  asked = []
  const backoff: Backoff = {
    nextMs: (reason) => (asked.push(reason), LONG_MS),
    reset: () => void asked.push("reset"),
  }
  const chip = {
    random: () => 1,
    log: (text: string) => void log.push(text),
    warn: (text: string) => void log.push(`warn ${text}`),
  }
  way = brokers({ ...at("a"), ...(more.length > 0 && { more }) }, backoff, chip, five)
}

/** Fails with `reason` again and again: where it goes each time, with "..." for a wait of the backoff. */
function fail(times: number, reason?: number): string {
  let line = ""
  for (let i = 0; i < times; i++) {
    const waitMs = way.nextMs(reason)
    expect([1000, LONG_MS]).toContain(waitMs)
    line += `${waitMs === LONG_MS ? " ..." : ""} ${way.host}${way.port === 1883 ? "" : `:${way.port}`}`
  }
  return line.trim()
}

function redirect(reason: number, reference: string | undefined): string {
  five.serverReference = reference
  return fail(1, reason)
}

beforeEach(() => make(at("b"), at("c", 1884)))

describe("several brokers", () => {
  test("begin with the first, go on within a second, and wait once the list has been gone through", () => {
    expect([way.host, way.port]).toEqual(["a", 1883])
    expect(fail(7)).toBe("b c:1884 ... a b c:1884 ... a b")
    expect(log.slice(0, 3)).toEqual(["mqtt: on to b:1883", "mqtt: on to c:1884", "mqtt: on to a:1883"])
  })

  test("stay with one that proved stable, and begin with the first when that connection ends", () => {
    fail(1)
    way.reset()
    expect([way.host, asked]).toEqual(["b", ["reset"]])
    expect(fail(4, CLOSED)).toBe("... a b c:1884 ... a")
  })

  test("a connection that did not prove stable is a failure like any other", () => {
    expect(fail(3, CLOSED)).toBe("b c:1884 ... a")
  })

  test("the round's last answer goes to the backoff: it says more than silence", () => {
    fail(1, NOT_AUTHORISED)
    fail(2)
    fail(3)
    expect(asked).toEqual([NOT_AUTHORISED, undefined])
  })

  test("one alone waits each time, and nothing is said of going on", () => {
    make()
    expect(fail(3)).toBe("... a ... a ... a")
    expect(log).toEqual([])
  })
})

describe("a broker that sends its clients to another", () => {
  test("is followed within a second, for this time only", () => {
    expect(redirect(USE_ANOTHER_SERVER, "x:1885")).toBe("x:1885")
    expect(fail(4)).toBe("b c:1884 ... a b")
  })

  test("that has moved is followed, and remembered before all others", () => {
    expect(redirect(SERVER_MOVED, "x")).toBe("x")
    expect(fail(6)).toBe("b c:1884 ... x a b c:1884")
    expect(redirect(SERVER_MOVED, "y:1")).toBe("y:1")
    expect(fail(2)).toBe("... y:1 a")
  })

  test("is followed three times a round, and then it is the next one's turn", () => {
    make()
    five.serverReference = "x"
    expect(fail(9, USE_ANOTHER_SERVER)).toBe("x x x ... a x x x ... a x")
    make(at("b"))
    five.serverReference = "x"
    expect(fail(6, USE_ANOTHER_SERVER)).toBe("x x x b ... a x")
  })

  test("may be followed again once a connection proved stable", () => {
    five.serverReference = "x"
    fail(3, USE_ANOTHER_SERVER)
    way.reset()
    expect(fail(4, USE_ANOTHER_SERVER)).toBe("x x x ... a")
  })

  test("may name several: they are tried in its order, as part of the three", () => {
    expect(redirect(USE_ANOTHER_SERVER, "x y:1 z w")).toBe("x")
    expect(fail(4)).toBe("y:1 z b c:1884")
  })

  test.each<[string, string, string | undefined]>([
    ["a name", "host.example.org", "host.example.org"],
    ["a name with a port", "h-1_a:8883", "h-1_a:8883"],
    ["an address", "10.10.151.22:8883", "10.10.151.22:8883"],
    ["IPv6 in brackets", "[fe80::9610:3eff:fe1c]", "fe80::9610:3eff:fe1c"],
    ["IPv6 in brackets with a port", "[fe80::9610:3eff:fe1c]:65535", "fe80::9610:3eff:fe1c:65535"],
    ["one that is sound behind one that is not", "x: y", "y"],
  ])("understands %s", (_what, reference, to) => {
    make()
    expect(redirect(USE_ANOTHER_SERVER, reference)).toBe(to)
  })

  test("without a port means the port of the one that sent us", () => {
    make()
    redirect(USE_ANOTHER_SERVER, "x:8883")
    expect(redirect(USE_ANOTHER_SERVER, "y")).toBe("y:8883")
  })

  test.each([
    ["nothing", undefined],
    ["empty text", ""],
    ["a port of 0", "x:0"],
    ["a port too high", "x:65536"],
    ["a port that is no number", "x:1a"],
    ["a port that is a number to JavaScript alone", "x:1e3"],
    ["an empty port", "x:"],
    ["an empty name", ":1883"],
    ["IPv6 without brackets", "fe80::1"],
    ["brackets that do not close", "[fe80::1:1883"],
    ["brackets with a name inside", "[host]:1883"],
    ["a URL", "mqtt://x:1883"],
    ["what no name has", "x\0y"],
  ])("with %s for a reference is told and not followed", (_what, reference) => {
    expect(redirect(USE_ANOTHER_SERVER, reference)).toBe("b")
    expect(log).toEqual([`warn mqtt: no broker: "${reference ?? ""}"`, "mqtt: on to b:1883"])
    make(at("b"))
    expect(redirect(SERVER_MOVED, reference)).toBe("b")
    expect(fail(2)).toBe("... a b")
  })

  test("with a reference of any length fills neither log nor memory", () => {
    redirect(USE_ANOTHER_SERVER, "?".repeat(60_000))
    expect(log[0]).toHaveLength('warn mqtt: no broker: ""'.length + 64)
    make()
    redirect(USE_ANOTHER_SERVER, "? ".repeat(1000))
    expect(log).toHaveLength(3)
    make()
    expect(redirect(SERVER_MOVED, "x ".repeat(1000).trim())).toBe("x")
    expect(fail(8)).toBe("x x ... x x x a ... x x")
  })

  test("with any other reason is not followed, whatever it names", () => {
    five.serverReference = "x"
    expect(fail(2, NOT_AUTHORISED)).toBe("b c:1884")
  })
})
