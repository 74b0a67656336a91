import type { HouseEvent } from "../../../sim/events"
import { eventOf } from "../../../sim/trace/file"
import { pcapOf } from "../../../sim/trace/pcap"
import { vcdOf } from "../../../sim/trace/vcd"
import { writeAll } from "../build/write"
import { EXIT_USAGE, Failure } from "../../failure"
import { inTrace, loadTrace, pickTraced } from "../trace-file"

export interface ExportCommand {
  vcd?: string
  pcap?: string
  device?: string
}

/** Writes what was asked for, all files or none. */
export function exportTrace(file: string, { vcd, pcap, device }: ExportCommand): void {
  if (vcd === undefined && pcap === undefined)
    throw new Failure("nothing to write: say --vcd FILE, --pcap FILE or both.", EXIT_USAGE)
  const trace = loadTrace(file)
  const devices = pickTraced(trace, file, device)
  const names = new Set(devices.map(({ name }) => name))
  const all = inTrace(file, () => trace.events.map(eventOf))
  const events = all.filter((event) => names.has(event.device))
  const endUs = trace.endUs ?? all.at(-1)?.atUs ?? 0
  const macs = Object.fromEntries(devices.map(({ name, mac }) => [name, mac]))
  writeAll([
    ...(vcd === undefined ? [] : [{ path: vcd, text: vcdOf(events, endUs) }]),
    ...(pcap === undefined ? [] : [{ path: pcap, text: pcapOf(events, macs) }]),
  ])
  const written = [vcd && `${vcd}: ${wires(events)}`, pcap && `${pcap}: ${packets(events)}`].filter(Boolean)
  process.stdout.write(`${written.join("\n")}\n`)
}

const countOf = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`

function wires(events: HouseEvent[]): string {
  const pins = new Set<string>()
  for (const event of events) {
    if ("pin" in event) pins.add(`${event.device}.${event.pin}`)
    if (event.kind === "i2c") for (const pin of [event.sda, event.scl]) pins.add(`${event.device}.${pin}`)
  }
  return countOf(pins.size, "pin")
}

function packets(events: HouseEvent[]): string {
  return `${countOf(events.filter(({ kind }) => kind === "net").length, "transfer")} in ${countOf(
    events.filter((event) => event.kind === "tcp" && event.state === "open").length,
    "connection",
  )}`
}
