import type { HouseEvent } from "../events"
import { code, hex, hexByte, printable, rest, word } from "./text"

/** docs/traces.md has each of these lines; parse.ts reads them. */

/** First words that say what a line is; a part of such a name is written with an escape. */
const KINDS = /^(boot|off|timer|drain|halt|log|wifi|dns|tcp|mqtt|net|memory|storage|fault|part)$/
/** Second words behind the name of a pin. */
export const PIN_KINDS = /^(rise|fall|pwm|i2c|onewire|strip|adc|serial)$/
/** What may follow the client of an MQTT line in place of a topic. */
export const AFTER_TOPIC = /^(q[0-2]|=|\(.*)$/

/** What may stand before the reason of a fault. */
export const PHASE = /^(begins|ends)( |$)/

/** One event, one line: `12345us climate GPIO4 fall`. Readable in a diff, equal under re-run. */
export function traceLine(event: HouseEvent): string {
  return `${event.atUs}us ${word(event.device)} ${describe(event)}`
}

/** The event without its time and board. */
export function describe(event: HouseEvent): string {
  switch (event.kind) {
    case "pin":
      return `${event.pin} ${event.level}${event.by === "chip" ? " chip" : ""}`
    case "i2c":
      return i2cLine(event)
    case "onewire":
      return `${event.pin} onewire ${word(event.slots)}${event.isPowered ? " power" : ""}`
    case "strip":
      return `${event.pin} strip ${hex(event.bytes) || "\\e"}`
    case "adc":
      return `${event.pin} adc ${event.value}`
    case "serial":
      return `${event.pin} serial ${event.direction} ${event.baud} ${rest(event.bytes)}`
    case "net":
      return `net ${event.direction}${event.end ? "-end" : ""} ${event.connection} ${event.end ?? rest(event.bytes)}`
    case "memory":
      return `memory ${event.used} of ${event.total}`
    case "pwm":
      return `${event.pin} pwm ${round(event.duty)} ${event.frequencyHz}Hz`
    case "log":
      return `log ${event.level} ${rest(event.text)}`
    case "boot":
      return `boot ${event.boots} ${event.reason}${event.by ? " outside" : ""}`
    case "off":
    case "timer":
      return event.kind
    case "drain":
      return `drain ${event.connection}`
    case "halt":
      return `halt ${event.callback ? word(event.callback) : "-"} ${rest(event.reason)}`
    case "wifi":
      return `wifi ${event.state}${event.ip ? ` ${event.ip}` : ""}${event.reason ? ` ${word(event.reason)}` : ""}${event.by ? " chip" : ""}`
    case "dns":
      return `dns ${word(event.host)} ${event.ip ?? "-"}`
    case "tcp":
      return tcpLine(event)
    case "mqtt":
      return mqttLine(event)
    case "part":
      return partLine(event)
    case "storage":
      return `storage ${event.action} ${word(event.file)} ${event.bytes}B`
    case "fault":
      return faultLine(event)
  }
}

function tcpLine(event: HouseEvent & { kind: "tcp" }): string {
  const connection = event.connection === undefined ? "" : ` #${event.connection}`
  const reason = event.reason === undefined ? "" : ` ${word(event.reason, /^#/)}`
  return `tcp ${event.state} ${word(event.host)}:${event.port}${connection}${reason}`
}

function faultLine({ reason, phase }: HouseEvent & { kind: "fault" }): string {
  const said = rest(reason)
  return `fault ${phase ? `${phase} ` : ""}${PHASE.test(said) ? escaped(said) : said}`
}

/** `mqtt publish CLIENT TOPIC q1 retain (REASON) = PAYLOAD` */
function mqttLine(event: HouseEvent & { kind: "mqtt" }): string {
  let line = `mqtt ${event.action} ${word(event.client)}`
  if (event.topic !== undefined) line += ` ${word(event.topic, AFTER_TOPIC)}`
  if (event.qos !== undefined) line += ` q${event.qos}${event.retain ? " retain" : ""}`
  if (event.reason) line += ` (${printable(event.reason).replaceAll(")", code(")"))})`
  return event.payload === undefined ? line : `${line} = ${rest(event.payload)}`
}

/** `GPIO21/GPIO22 i2c 100000Hz w44a 2Ca 06a stop`: each byte with "a" or "n" for its acknowledge. */
function i2cLine(event: HouseEvent & { kind: "i2c" }): string {
  const ack = (isAcked: boolean) => (isAcked ? "a" : "n")
  const words = [`${event.isRead ? "r" : "w"}${hexByte(event.address)}${ack(event.isAcked)}`]
  event.bytes.forEach((byte, i) => words.push(hexByte(byte) + ack(event.acks[i])))
  if (event.stretchUs) words.push(`stretch=${event.stretchUs.join(",")}`)
  words.push(event.isStopped ? "stop" : "restart")
  if (event.fault) words.push(`(${printable(event.fault)})`)
  return `${event.sda}/${event.scl} i2c ${event.hz}Hz ${words.join(" ")}`
}

function partLine({ part, what, values = {} }: HouseEvent & { kind: "part" }): string {
  const [first, ...others] = rest(what).replaceAll("=", code("=")).split(" ")
  const said = [PIN_KINDS.test(first) ? escaped(first) : first, ...others]
  const pairs = Object.entries(values).map(
    ([name, value]) => `${word(name).replaceAll("=", code("="))}=${round(value)}`,
  )
  return [word(part, KINDS), ...said, ...pairs].join(" ")
}

/** The same text, but another first word to who reads the line. */
const escaped = (written: string): string => code(written[0]) + written.slice(1)

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}
