import { expect, test } from "vitest"
import type { HouseEvent } from "../../../sim/events"
import { traceLine } from "../../../sim/trace/trace"

const at = { atUs: 12345, device: "climate" }

test.each<[HouseEvent, string]>([
  [{ ...at, kind: "pin", pin: "GPIO4", level: "fall", by: "outside" }, "12345us climate GPIO4 fall"],
  [{ ...at, kind: "pin", pin: "GPIO4", level: "rise", by: "chip" }, "12345us climate GPIO4 rise chip"],
  [
    { ...at, kind: "pwm", pin: "GPIO16", duty: 0.123456, frequencyHz: 5000 },
    "12345us climate GPIO16 pwm 0.1235 5000Hz",
  ],
  [{ ...at, kind: "log", level: "warn", text: "two\nlines \xe9" }, "12345us climate log warn two\\nlines \\xe9"],
  [{ ...at, kind: "boot", boots: 2, reason: "watchdog" }, "12345us climate boot 2 watchdog"],
  [{ ...at, kind: "halt", reason: "no return", callback: "timer" }, "12345us climate halt timer no return"],
  [
    { ...at, kind: "wifi", state: "disconnected", reason: "NO_AP_FOUND" },
    "12345us climate wifi disconnected NO_AP_FOUND",
  ],
  [{ ...at, kind: "tcp", state: "open", host: "h", port: 1 }, "12345us climate tcp open h:1"],
  [
    { ...at, kind: "mqtt", action: "publish", client: "c", topic: "t", payload: "{}", qos: 1, retain: true },
    "12345us climate mqtt publish c t q1 retain = {}",
  ],
  [
    { ...at, kind: "part", part: "dht22", what: "answers", values: { temperatureC: 21.4 } },
    "12345us climate dht22 answers temperatureC=21.4",
  ],
  [{ ...at, kind: "storage", action: "write", file: "mw.a", bytes: 7 }, "12345us climate storage write mw.a 7B"],
  [{ ...at, kind: "fault", reason: "short" }, "12345us climate fault short"],
  [
    { ...at, kind: "fault", reason: "dht22: flip-bit 17", phase: "begins" },
    "12345us climate fault begins dht22: flip-bit 17",
  ],
  [{ ...at, kind: "fault", reason: "ends here" }, "12345us climate fault \\x65nds here"],
])("%j", (event, line) => expect(traceLine(event)).toBe(line))
