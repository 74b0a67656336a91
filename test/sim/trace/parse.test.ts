import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { HouseEvent } from "../../../sim/events"
import { parseLine } from "../../../sim/trace/parse"
import { traceLine } from "../../../sim/trace/trace"

const text = fc.string({ unit: "binary" })
const bytes = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
/** Words that mean something elsewhere in a line. */
const tricky = fc.constantFrom(
  "",
  " ",
  "q1",
  "retain",
  "=",
  "(",
  "(x)",
  "#1",
  "chip",
  "rise",
  "log",
  "a=1",
  "\\e",
  "-",
  "it rise",
)
const name = fc.oneof(text, tricky)
const pin = fc.constantFrom("GPIO4", "GPIO21", "IO0")
const whole = fc.nat()
const share = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000)
const flag = fc.boolean()
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })

const EVENTS: { [K in HouseEvent["kind"]]: fc.Arbitrary<Record<string, unknown>> } = {
  boot: fc.record({
    boots: whole,
    reason: fc.constantFrom("power", "reboot", "reset", "watchdog", "crash"),
    by: maybe(fc.constant("outside")),
  }),
  off: fc.record({}),
  timer: fc.record({}),
  drain: fc.record({ connection: whole }),
  halt: fc.record({ reason: name, callback: maybe(fc.constantFrom("timer", "data")) }),
  log: fc.record({ level: fc.constantFrom("debug", "info", "warn", "error"), text: name }),
  pin: fc.record({ pin, level: fc.constantFrom("rise", "fall"), by: fc.constantFrom("chip", "outside") }),
  pwm: fc.record({ pin, duty: share, frequencyHz: whole }),
  wifi: fc.oneof(
    fc.record({ state: fc.constant("connected"), ip: fc.ipV4() }),
    fc.record({
      state: fc.constantFrom("connecting", "associated", "disconnected"),
      reason: maybe(name.filter((each) => each !== "" && each !== "chip")),
      by: maybe(fc.constant("chip")),
    }),
  ),
  dns: fc.record({ host: name, ip: maybe(fc.ipV4()) }),
  tcp: fc.record({
    state: fc.constantFrom("open", "refused", "timeout", "no-route", "no-host", "closed", "reset"),
    host: name,
    port: whole,
    reason: maybe(name),
    connection: maybe(whole),
  }),
  mqtt: fc.record({
    action: fc.constantFrom("connect", "refuse", "publish", "deliver", "ping"),
    client: name,
    topic: maybe(name),
    payload: maybe(name),
    qos: maybe(fc.constantFrom(0, 1, 2)),
    reason: maybe(name.filter((each) => each !== "")),
  }),
  part: fc.record({
    part: name,
    what: name,
    values: maybe(fc.dictionary(name, share, { minKeys: 1 }).filter((all) => !("__proto__" in all))),
  }),
  i2c: fc
    .record({
      hz: whole,
      address: fc.integer({ min: 0, max: 127 }),
      isRead: flag,
      isAcked: flag,
      sent: fc.array(fc.tuple(fc.nat(255), flag)),
      isStopped: flag,
      stretchUs: maybe(fc.array(whole, { minLength: 1 })),
      fault: maybe(name.filter((each) => each !== "")),
    })
    .map(({ sent, ...event }) => ({
      ...{ sda: "GPIO21", scl: "GPIO22", ...event },
      bytes: sent.map(([byte]) => byte),
      acks: sent.map(([, ack]) => ack),
    })),
  onewire: fc.record({
    pin,
    slots: fc.string({ unit: fc.constantFrom(..."Rr01lh") }),
    isPowered: maybe(fc.constant(true)),
  }),
  strip: fc.record({ pin, bytes }),
  adc: fc.record({ pin, value: fc.oneof(fc.double({ min: 0, max: 1 }), fc.constant(NaN)) }),
  serial: fc.record({ pin, direction: fc.constantFrom("tx", "rx"), baud: whole, bytes }),
  net: fc.oneof(
    fc.record({ direction: fc.constantFrom("tx", "rx"), connection: whole, bytes }),
    fc.record({
      direction: fc.constantFrom("tx", "rx"),
      connection: whole,
      bytes: fc.constant(""),
      end: fc.constantFrom("fin", "reset", "timeout"),
    }),
  ),
  memory: fc.record({ used: whole, total: whole }),
  storage: fc.record({ action: fc.constantFrom("write", "erase", "compact", "torn"), file: name, bytes: whole }),
  fault: fc.record({
    reason: fc.oneof(name, fc.constantFrom("begins", "ends badly", "endsone")),
    phase: maybe(fc.constantFrom("begins", "ends")),
  }),
}

describe("every kind of event", () => {
  test.each(Object.entries(EVENTS))(
    "%s comes back as it was written, on one line of printable ASCII",
    (kind, fields) => {
      fc.assert(
        fc.property(fc.record({ atUs: whole, device: name, fields }), ({ atUs, device, fields }) => {
          const event = { atUs, device, kind, ...fields } as HouseEvent
          const line = traceLine(event)
          expect(line).toMatch(/^[\x20-\x7e]*[\x21-\x7e]$/)
          const known = Object.entries(event).filter(([, value]) => value !== undefined)
          expect(parseLine(line)).toEqual(Object.fromEntries(known))
        }),
        { numRuns: 500 },
      )
    },
  )
})

test.each([
  ["", "expected a time such as 12345us, got a space"],
  ["12 climate off", 'expected a time such as 12345us, got "12"'],
  ["12us", "expected the name of a device, got the end of the line"],
  ["12us climate", "expected an event, got the end of the line"],
  ["12us climate GPIO4", 'expected an event, or what the part "GPIO4" did'],
  ["12us climate GPIO4 rise chips", 'expected the end of the line, got "chips"'],
  ["12us climate GPIO4 pwm 0.5 5000", 'expected a frequency such as 5000Hz, got "5000"'],
  ["12us climate boot 1 lunch", 'expected one of power, reboot, reset, watchdog, crash, got "lunch"'],
  ["12us climate log loud x", 'expected one of debug, info, warn, error, got "loud"'],
  ["12us climate log info", "expected a text, got the end of the line"],
  ["12us climate log info \\q", "expected \\n, \\e, \\\\, \\xNN or \\u{N}, got \\q"],
  ["12us climate GPIO4 strip 00F", 'expected bytes in hexadecimal, got "00F"'],
  ["12us climate GPIO4 onewire Rx", 'expected slots, of R, r, 0, 1, l and h, got "Rx"'],
  ["12us climate GPIO4 i2c 100000Hz w44a stop", 'expected two pins such as GPIO21/GPIO22, got "GPIO4"'],
  ["12us climate dht22 answers temperatureC=warm", 'expected a number for "temperatureC", got "warm"'],
])("says what is wrong with %j", (line, message) => expect(() => parseLine(line)).toThrow(message))
