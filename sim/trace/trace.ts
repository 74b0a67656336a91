import type { HouseEvent } from "../events"

/** One event, one line: `12345us climate GPIO4 fall`. Readable in a diff, equal under re-run. */
export function traceLine(event: HouseEvent): string {
  return `${event.atUs}us ${event.device} ${describe(event)}`
}

function describe(event: HouseEvent): string {
  switch (event.kind) {
    case "pin":
      return `${event.pin} ${event.level}`
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
