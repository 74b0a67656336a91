import type { HouseEvent } from "../events"
import { AFTER_TOPIC, PHASE, PIN_KINDS } from "./trace"
import { TraceError, unwritten } from "./text"

/** The event that `traceLine` wrote. Throws a TraceError that says what was expected. */
export function parseLine(line: string): HouseEvent {
  const words = new Words(line)
  const atUs = words.number("a time such as 12345us", /^(\d+)us$/)
  const device = words.text("the name of a device")
  return { atUs, device, ...parseWhat(words) } as HouseEvent
}

type What = Record<string, unknown> & { kind: HouseEvent["kind"] }

function parseWhat(words: Words): What {
  const first = words.next("an event")
  if (Object.hasOwn(KINDS, first)) return done(KINDS[first](words), words)
  if (PIN_KINDS.test(words.peek() ?? "")) return done(ON_PIN[words.next("")](words, first), words)
  return part(first, words)
}

function done(what: What, words: Words): What {
  const more = words.all()
  if (more !== undefined) throw new TraceError(`expected the end of the line, got "${more}"`)
  return what
}

const byOf = (words: Words) => (words.take("chip") ? "chip" : "outside")

/** Lines that name a pin in front. */
const ON_PIN: Record<string, (words: Words, pin: string) => What> = {
  rise: (words, pin) => ({ kind: "pin", pin, level: "rise", by: byOf(words) }),
  fall: (words, pin) => ({ kind: "pin", pin, level: "fall", by: byOf(words) }),
  pwm: (words, pin) => {
    const duty = words.number("a duty from 0 to 1", DECIMAL)
    return { kind: "pwm", pin, duty, frequencyHz: words.number("a frequency such as 5000Hz", /^(-?[\d.e+-]+)Hz$/) }
  },
  adc: (words, pin) => ({ kind: "adc", pin, value: words.number("a share of full scale", DECIMAL) }),
  strip: (words, pin) => ({ kind: "strip", pin, bytes: unhex(words.next("bytes in hexadecimal")) }),
  onewire: (words, pin) => {
    const slots = words.text("slots, of R, r, 0, 1, l and h")
    if (/[^Rr01lh]/.test(slots)) throw new TraceError(`expected slots, of R, r, 0, 1, l and h, got "${slots}"`)
    return { kind: "onewire", pin, slots, ...(words.take("power") && { isPowered: true }) }
  },
  serial: (words, pin) => {
    const direction = words.one("tx", "rx")
    const baud = words.number("a baud rate", WHOLE)
    return { kind: "serial", pin, direction, baud, bytes: words.rest("bytes") }
  },
  i2c: (words, pins) => i2c(words, pins.split("/")),
}

const KINDS: Record<string, (words: Words) => What> = {
  boot: (words) => {
    const boots = words.number("which boot it is", WHOLE)
    const reason = words.one("power", "reboot", "reset", "watchdog", "crash")
    return { kind: "boot", boots, reason, ...(words.take("outside") && { by: "outside" }) }
  },
  off: () => ({ kind: "off" }),
  timer: () => ({ kind: "timer" }),
  drain: (words) => ({ kind: "drain", connection: words.number("the number of a connection", WHOLE) }),
  halt: (words) => {
    const callback = words.text('a callback or "-"')
    return { kind: "halt", reason: words.rest("a reason"), ...(callback !== "-" && { callback }) }
  },
  log: (words) => {
    const level = words.one("debug", "info", "warn", "error")
    return { kind: "log", level, text: words.rest("a text") }
  },
  wifi: (words) => {
    const state = words.one("connecting", "associated", "connected", "disconnected")
    const ip = state === "connected" ? words.maybe() : undefined
    const reason = words.peek() === "chip" ? undefined : words.maybe()
    return { kind: "wifi", state, ...given({ ip, reason }), ...(words.take("chip") && { by: "chip" }) }
  },
  dns: (words) => {
    const host = words.text("a host")
    const ip = words.next('an address or "-"')
    return { kind: "dns", host, ...(ip !== "-" && { ip }) }
  },
  tcp: (words) => {
    const state = words.one("open", "refused", "timeout", "no-route", "no-host", "closed", "reset")
    const [, host, port] = words.match("host:port", /^(.*):(\d+)$/)
    const connection = words.peek()?.startsWith("#") ? words.number("#1", /^#(\d+)$/) : undefined
    return {
      kind: "tcp",
      state,
      host: unwritten(host),
      port: Number(port),
      ...given({ connection, reason: words.maybe() }),
    }
  },
  mqtt: (words) => mqtt(words),
  net: (words) => {
    const what = words.one("tx", "rx", "tx-end", "rx-end")
    const direction = what.slice(0, 2)
    const connection = words.number("the number of a connection", WHOLE)
    if (what.length === 2) return { kind: "net", direction, connection, bytes: words.rest("bytes") }
    return { kind: "net", direction, connection, bytes: "", end: words.one("fin", "reset", "timeout") }
  },
  memory: (words) => {
    const used = words.number("blocks", WHOLE)
    words.one("of")
    return { kind: "memory", used, total: words.number("blocks", WHOLE) }
  },
  storage: (words) => {
    const action = words.one("write", "erase", "compact", "torn")
    return { kind: "storage", action, file: words.text("a file"), bytes: words.number("bytes such as 7B", /^(\d+)B$/) }
  },
  fault: (words) => {
    const phase = PHASE.test(words.peek() ?? "") ? words.next("") : undefined
    return { kind: "fault", reason: words.rest("a reason"), ...given({ phase }) }
  },
}

function mqtt(words: Words): What {
  const action = words.next("what happened")
  const client = words.text("a client")
  const topic = AFTER_TOPIC.test(words.peek() ?? "=") ? undefined : words.maybe()
  const qos = /^q[0-2]$/.test(words.peek() ?? "") ? Number(words.next("").slice(1)) : undefined
  const retain = words.take("retain") || undefined
  const reason = words.peek()?.startsWith("(") ? unwritten(words.until(")").slice(1, -1)) : undefined
  const payload = words.take("=") ? words.rest("a payload") : undefined
  return { kind: "mqtt", action, client, ...given({ topic, qos, retain, reason, payload }) }
}

function i2c(words: Words, [sda, scl]: string[]): What {
  if (!scl) throw new TraceError(`expected two pins such as GPIO21/GPIO22, got "${sda}"`)
  const hz = words.number("a frequency such as 100000Hz", /^(\d+)Hz$/)
  const [, rw, address, ack] = words.match("an address such as w44a", /^([rw])([\dA-F]{2})([an])$/)
  const bytes: number[] = []
  const acks: boolean[] = []
  while (/^[\dA-F]{2}[an]$/.test(words.peek() ?? "")) {
    const byte = words.next("")
    bytes.push(parseInt(byte.slice(0, 2), 16))
    acks.push(byte[2] === "a")
  }
  const stretch = words.peek()?.startsWith("stretch=") ? words.next("").slice(8).split(",").map(Number) : undefined
  const isStopped = words.one("stop", "restart") === "stop"
  const fault = words.peek()?.startsWith("(") ? unwritten(words.all()!.slice(1, -1)) : undefined
  const sent = { hz, address: parseInt(address, 16), isRead: rw === "r", isAcked: ack === "a", bytes, acks, isStopped }
  return { kind: "i2c", sda, scl, ...sent, ...given({ stretchUs: stretch, fault }) }
}

/** What it did, then what it holds: words with "=" at the end are values. */
function part(name: string, words: Words): What {
  const said = words.all()?.split(" ") ?? []
  const pairs: [string, number][] = []
  while (said.at(-1)?.includes("=")) {
    const [key, value] = said.pop()!.split("=")
    if (value === "" || Number.isNaN(Number(value)) !== (value === "NaN"))
      throw new TraceError(`expected a number for "${key}", got "${value}"`)
    pairs.unshift([unwritten(key), Number(value)])
  }
  if (said.length === 0) throw new TraceError(`expected an event, or what the part "${name}" did`)
  const values = pairs.length ? { values: Object.fromEntries(pairs) } : {}
  return { kind: "part", part: unwritten(name), what: unwritten(said.join(" ")), ...values }
}

const WHOLE = /^(\d+)$/
const DECIMAL = /^(-?[\d.]+(?:e[+-]?\d+)?|NaN)$/

const unhex = (text: string): string => {
  if (text === "\\e") return ""
  if (!/^([\dA-Fa-f]{2})+$/.test(text)) throw new TraceError(`expected bytes in hexadecimal, got "${text}"`)
  return Buffer.from(text, "hex").toString("latin1")
}

/** Without what is not there. */
const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

/** A line, word by word. */
class Words {
  private at = 0
  constructor(private readonly line: string) {}

  peek(): string | undefined {
    if (this.at > this.line.length) return undefined
    const end = this.line.indexOf(" ", this.at)
    return this.line.slice(this.at, end < 0 ? undefined : end)
  }

  next(expected: string): string {
    const found = this.peek()
    if (!found)
      throw new TraceError(`expected ${expected}, got ${found === undefined ? "the end of the line" : "a space"}`)
    this.at += found.length + 1
    return found
  }

  text(expected: string): string {
    return unwritten(this.next(expected))
  }

  maybe(): string | undefined {
    return this.peek() === undefined ? undefined : this.text("a word")
  }

  match(expected: string, pattern: RegExp): RegExpExecArray {
    const found = this.next(expected)
    const match = pattern.exec(found)
    if (!match) throw new TraceError(`expected ${expected}, got "${found}"`)
    return match
  }

  number(expected: string, pattern: RegExp): number {
    const [found, digits] = this.match(expected, pattern)
    const value = Number(digits)
    if (Number.isNaN(value) && digits !== "NaN") throw new TraceError(`expected ${expected}, got "${found}"`)
    return value
  }

  one(...choices: string[]): string {
    const expected = choices.length > 1 ? `one of ${choices.join(", ")}` : `"${choices[0]}"`
    const found = this.next(expected)
    if (!choices.includes(found)) throw new TraceError(`expected ${expected}, got "${found}"`)
    return found
  }

  /** True, and behind it, when it stands here. */
  take(wanted: string): boolean {
    if (this.peek() !== wanted) return false
    this.next(wanted)
    return true
  }

  /** Up to and with `end`. */
  until(end: string): string {
    const to = this.line.indexOf(end, this.at)
    if (to < 0) throw new TraceError(`expected "${end}" further on, got "${this.line.slice(this.at)}"`)
    const found = this.line.slice(this.at, to + 1)
    this.at = to + 2
    return found
  }

  rest(expected: string): string {
    const found = this.all()
    if (!found) throw new TraceError(`expected ${expected}, got the end of the line`)
    return unwritten(found)
  }

  /** What is left, as it is written; undefined for nothing. */
  all(): string | undefined {
    if (this.at > this.line.length) return undefined
    const found = this.line.slice(this.at)
    this.at = this.line.length + 1
    return found
  }
}
