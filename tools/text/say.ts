import type { HouseEvent, LogLevel } from "../../sim/events"
import { describe } from "../../sim/trace/trace"
import { harmless, readable } from "./terminal"

/** From the least on. */
export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const

/** What a board prints for motewire flash and monitor, which ask it over its console. */
const TOOL_ANSWER = /^<mw:\d+:.*:mw>$/s

/** Messages and links are info; the packets, pins and pulses below them are for who asks. */
export function levelOf(event: HouseEvent): LogLevel {
  if (event.kind === "log") return TOOL_ANSWER.test(event.text) ? "debug" : event.level
  if (event.kind === "mqtt") return MQTT_LEVELS[event.action] ?? "debug"
  return LEVELS[event.kind]
}

const LEVELS: Record<Exclude<HouseEvent["kind"], "log" | "mqtt">, LogLevel> = {
  boot: "info",
  wifi: "info",
  tcp: "info",
  fault: "warn",
  halt: "error",
  part: "debug",
  pin: "debug",
  pwm: "debug",
  i2c: "debug",
  onewire: "debug",
  strip: "debug",
  adc: "debug",
  serial: "debug",
  net: "debug",
  dns: "debug",
  off: "info",
  timer: "debug",
  drain: "debug",
  memory: "debug",
  storage: "debug",
}
const MQTT_LEVELS: Partial<Record<string, LogLevel>> = {
  connect: "info",
  disconnect: "info",
  publish: "info",
  will: "info",
  refuse: "warn",
  drop: "warn",
}

/** An event in words, safe to print. */
export function say(event: HouseEvent): string {
  switch (event.kind) {
    case "boot":
      return `boots (${event.reason}, boot ${event.boots})`
    case "halt":
      return `stopped: ${readable(event.reason)}${event.callback ? ` in ${readable(event.callback)}` : ""}`
    case "log":
      return readable(event.text)
    case "wifi":
      return `Wi-Fi ${event.state}${event.ip ? `, ${event.ip}` : ""}${because(event.reason)}`
    case "tcp":
      return `TCP ${event.state} ${readable(event.host)}:${event.port}${because(event.reason)}`
    case "mqtt":
      return mqtt(event)
    case "part":
      return `${event.part} ${event.what}`
    case "pin":
      return `${event.pin} ${event.level}`
    case "pwm":
      return `${event.pin} pwm ${Math.round(event.duty * 1000) / 10} %`
    case "storage":
      return `storage ${event.action} ${readable(event.file)}, ${event.bytes} bytes`
    case "fault":
      return `${readable(event.reason)}${event.phase ? ` ${event.phase}` : ""}`
    default:
      return describe(event)
  }
}

function mqtt(event: HouseEvent & { kind: "mqtt" }): string {
  const topic = event.topic === undefined ? "" : ` ${readable(event.topic)}`
  const payload = event.payload === undefined ? "" : ` ${readable(event.payload)}`
  return `${event.action === "publish" ? "→" : `MQTT ${event.action}`}${topic}${payload}${because(event.reason)}`
}

const because = (reason: string | undefined) => (reason ? ` (${readable(reason)})` : "")

/** Who an event is about: the broker tells the house's MQTT events, and their client is who a reader looks for. */
export const whoOf = (event: HouseEvent, devices: string[]): string =>
  event.kind === "mqtt" ? clientName(event.client || event.device, devices) : harmless(event.device)

/** A device's client id is its name and some of its address: the name says enough. */
export function clientName(client: string, devices: string[]): string {
  return devices.find((name) => client === name || client.startsWith(`${name}-`)) ?? readable(client)
}

export const reaches = (level: LogLevel, least: LogLevel): boolean =>
  LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)

/** House time as "1:02:03", with days in front and milliseconds behind when asked. */
export function houseTime(us: number, withMs = false): string {
  const seconds = Math.floor(us / 1e6)
  const two = (value: number) => String(value % 60).padStart(2, "0")
  const days = Math.floor(seconds / 86_400)
  const hours = String(Math.floor(seconds / 3600) % 24).padStart(2, "0")
  const ms = withMs ? `.${String(Math.floor(us / 1000) % 1000).padStart(3, "0")}` : ""
  return `${days > 0 ? `${days}d ` : ""}${hours}:${two(Math.floor(seconds / 60))}:${two(seconds)}${ms}`
}
