import { InvalidArgumentError, Option, type Command } from "commander"
import { didYouMean } from "../../../sim/nearest"
import { EXIT_USAGE, Failure } from "../../failure"
import { minutesMeant, writtenUs } from "../../config/duration"
import type { LogLevel } from "../../../sim/events"
import { LOG_LEVELS } from "../../text/say"

export interface SimOptions {
  config: string
  /** Not parsed by commander: its errors quote the argument, and this one may hold a password. */
  broker?: string
  port?: number
  /** House seconds per second of the host. */
  speed: number | "max"
  /** House time to run, in microseconds. */
  for?: number
  seed: number
  climate?: string
  only?: string[]
  log: LogLevel
  json?: boolean
  plain?: boolean
  trace?: string
  console?: string
  /** As written: what there is to go wrong, the house knows. */
  fault?: string[]
  /** Of a battery, in mAh. */
  battery?: number
}

export interface BrokerUrl {
  host: string
  port: number
  user?: string
  password?: string
}

export function addSimOptions(command: Command): Command {
  return command
    .option("-c, --config <file>", "the devices' description", "flash.config.json")
    .option("--only <device>", "run these devices only (repeat it, or a,b)", collect)
    .option("--broker <url>", "another broker than the built-in one: mqtt://[user:password@]host[:port]")
    .option("--port <number>", "port of the built-in broker (1883, or the next that is free)", portNumber)
    .option("--speed <n|max>", "house seconds per second, or max", speed, 1)
    .option("--for <time>", "stop after this house time: 90s, 10min, 1h", houseTime)
    .option("--seed <number>", "for all that is random; same seed, same run", wholeNumber, 1)
    .option("--climate <file.csv>", "a recorded room: time, temperature, humidity")
    .addOption(new Option("--log <level>", "least level to show").argParser(level).default("info", "info"))
    .option("--json", "one event a line on stdout")
    .option("--plain", "lines instead of the live view")
    .option("--trace <file>", "record the house in a file, for motewire replay and export")
    .option("--console <device>", "the board's serial console, at a terminal for flash and monitor; says where")
    .option("--fault <fault>", "something goes wrong (repeat it); help lists what", each)
    .option(
      "--battery <mAh>",
      "tell at the end what each board drew, and how long a battery lasts: 2000mAh",
      milliampereHours,
    )
    .addHelpText("after", SIM_HELP)
}

const SIM_HELP = `
Builds the devices of flash.config.json and runs the same bytes the chips would run. The
built-in broker answers on 127.0.0.1, so any MQTT client can join in:

  mosquitto_sub -t 'sensor/data' -v
  mosquitto_pub -t 'sensor/data' -m '{"temperature":31,"humidity":40}'

With --speed max house time does not wait for the host, and the built-in broker takes no
outside clients unless --port is given. Levels of --log: debug (pins and pulses too), info, warn, error.
Ctrl-C or q ends the run; Ctrl-C again forces it.

Examples:
  motewire sim --only climate
  motewire sim --broker mqtt://homeassistant.local
  motewire sim --speed max --for 24h --json > day.jsonl
  motewire sim --fault "climate.dht22: flip-bit 17 @ 30s for 10s" --fault "wifi: drop @ 1min for 20s"
  motewire sim --speed max --for 1d --battery 2000mAh
  motewire sim --climate office.csv --speed 60
  motewire sim --console climate`

const wrong = (text: string) => new InvalidArgumentError(text)

function collect(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(",").filter((name) => name !== "")]
}

const each = (value: string, before: string[] = []): string[] => [...before, value]

function milliampereHours(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(mAh|Ah)?$/i.exec(text.trim()) ?? []
  const mah = Number(number) * (unit?.toLowerCase() === "ah" ? 1000 : 1)
  if (mah > 0) return mah
  throw wrong("Write the battery's charge, such as 2000mAh or 2Ah.")
}

export function brokerUrl(text: string): BrokerUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const wrong = (remedy: string) => new Failure(`--broker: ${remedy}`, EXIT_USAGE)
  if (url?.protocol === "mqtts:") throw wrong("TLS is not there yet. Write mqtt://host:1883.")
  if (url?.protocol !== "mqtt:" || url.hostname === "" || !["", "/"].includes(url.pathname))
    throw wrong("this is no address of a broker. Write mqtt://host, mqtt://host:1883 or mqtt://user:password@host.")
  const broker: BrokerUrl = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || 1883) }
  if (url.username) broker.user = decodeURIComponent(url.username)
  if (url.password) broker.password = decodeURIComponent(url.password)
  return broker
}

function speed(text: string): number | "max" {
  if (text === "max") return "max"
  const value = Number(text)
  if (text.trim() === "" || !(value > 0 && value <= 10_000)) throw wrong('Write a number from 0.01 to 10000, or "max".')
  return Math.max(0.01, value)
}

function houseTime(text: string): number {
  const us = writtenUs(text) ?? 0
  if (us > 0) return us
  const meant = minutesMeant(text)
  throw wrong(meant ? `Write ${meant}.` : "Write a time above zero, such as 90s, 10min, 1h or 1h30min.")
}

function portNumber(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port
  throw wrong("Write a port from 1 to 65535.")
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) return value
  throw wrong("Write a whole number from 0 up.")
}

function level(text: string): LogLevel {
  const known = LOG_LEVELS.find((each) => each === text)
  if (known === undefined) throw wrong(didYouMean(text, LOG_LEVELS))
  return known
}
