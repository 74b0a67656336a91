import type { HouseEvent } from "../events"

/** One event, one line: `12345us climate GPIO4 fall`. Readable in a diff, equal under re-run. */
export function traceLine(event: HouseEvent): string {
  return `${event.atUs}us ${event.device} ${describe(event)}`
}

/** The event without its time and board. */
export function describe(event: HouseEvent): string {
  switch (event.kind) {
    case "pin":
      return `${event.pin} ${event.level}${event.by === "chip" ? " chip" : ""}`
    case "i2c":
      return i2cLine(event)
    case "onewire":
      return `${event.pin} onewire ${event.slots}${event.isPowered ? " power" : ""}`
    case "strip":
      return `${event.pin} strip ${hex(event.bytes)}`
    case "adc":
      return `${event.pin} adc ${event.value}`
    case "serial":
      return `${event.pin} serial ${event.direction} ${event.baud} ${printable(event.bytes)}`
    case "net":
      return `net ${event.direction} ${event.connection} ${printable(event.bytes)}`
    case "memory":
      return `memory ${event.used} of ${event.total}`
    case "pwm":
      return `${event.pin} pwm ${round(event.duty)} ${event.frequencyHz}Hz`
    case "log":
      return `log ${event.level} ${printable(event.text)}`
    case "boot":
      return `boot ${event.boots} ${event.reason}`
    case "halt":
      return `halt ${event.reason}${event.callback ? ` in ${event.callback}` : ""}`
    case "wifi":
      return `wifi ${event.state}${event.ip ? ` ${event.ip}` : ""}${event.reason ? ` ${event.reason}` : ""}`
    case "tcp":
      return `tcp ${event.state} ${event.host}:${event.port}${event.reason ? ` ${event.reason}` : ""}`
    case "mqtt":
      return mqttLine(event)
    case "part":
      return `${event.part} ${event.what}${event.values ? ` ${valuesText(event.values)}` : ""}`
    case "storage":
      return `storage ${event.action} ${printable(event.file)} ${event.bytes}B`
    case "fault":
      return `fault ${event.reason}`
  }
}

function mqttLine(event: HouseEvent & { kind: "mqtt" }): string {
  let line = `mqtt ${event.action} ${printable(event.client)}`
  if (event.topic !== undefined) line += ` ${printable(event.topic)}`
  if (event.qos !== undefined) line += ` q${event.qos}${event.retain ? " retain" : ""}`
  if (event.payload !== undefined) line += ` ${printable(event.payload)}`
  return event.reason ? `${line} (${event.reason})` : line
}

/** `GPIO21/GPIO22 i2c 100000Hz w44a 2Ca 06a stop`: each byte with "a" or "n" for its acknowledge. */
function i2cLine(event: HouseEvent & { kind: "i2c" }): string {
  const ack = (isAcked: boolean) => (isAcked ? "a" : "n")
  const words = [`${event.isRead ? "r" : "w"}${hexByte(event.address)}${ack(event.isAcked)}`]
  event.bytes.forEach((byte, i) => words.push(hexByte(byte) + ack(event.acks[i])))
  if (event.stretchUs) words.push(`stretch=${event.stretchUs.join(",")}`)
  words.push(event.isStopped ? "stop" : "restart")
  if (event.fault) words.push(`(${event.fault})`)
  return `${event.sda}/${event.scl} i2c ${event.hz}Hz ${words.join(" ")}`
}

const hexByte = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, "0")
const hex = (bytes: string): string => Array.from(bytes, (char) => hexByte(char.charCodeAt(0))).join("")

function valuesText(values: Record<string, number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${round(value)}`)
    .join(" ")
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4
}

/** Bytes outside printable ASCII become \xNN: a trace stays one line an event and the same in every terminal. */
export function printable(bytes: string): string {
  if (/^[\x20-\x7e]*$/.test(bytes)) return bytes
  return bytes.replace(/[^\x20-\x7e]/g, (char) => {
    const code = char.charCodeAt(0)
    return char === "\n" ? "\\n" : code < 256 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`
  })
}
