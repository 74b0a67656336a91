import type { DeviceView } from "../../../sim/events"
import { houseTime } from "../../text/say"
import { bar, box } from "./frame"
import { partLines, swatch } from "./part"
import { lineWidth, plain, type Line, type Span, type Style } from "./style"
import { harmless, readable, width } from "../../text/terminal"

/** A message to or from a board. */
interface Words {
  atUs: number
  topic: string
  payload: string
}

/** One board: link, memory, what is wired to it, what it said last. */
export function panel(
  device: DeviceView,
  heard: Words | undefined,
  nowUs: number,
  columns: number,
  style: Style,
  rows?: number,
): Line[] {
  const inner = columns - 4
  const title = { text: harmless(device.name), paint: style.colors.bold }
  const nameWidth = Math.max(6, ...device.parts.map(({ name }) => Math.min(12, width(name))))
  const body = [
    ...spread([linkSpan(device, style), plain("  "), ...signal(device, style)], [uptime(device, style)], inner),
    memoryLine(device, nameWidth, inner, style),
    ...device.parts.flatMap((part) => partLines(part, nameWidth, inner, style)),
    ...wordLines(device.lastPublish, heard, nowUs, nameWidth, inner, style),
  ]
  return box(title, harmless(device.board), body, columns, style, rows)
}

/** One line a board, for a window too low for panels. */
export function summaryLine(device: DeviceView, style: Style): Line {
  const lamps = device.parts.filter(({ part }) => part === "rgb-led").map(({ values }) => swatch(values, 4, style))
  const said = device.lastPublish ? ` → ${readable(device.lastPublish.payload)}` : ""
  const memory = ` ${device.memory.used}/${device.memory.total} `
  const name = { text: ` ${harmless(device.name)}`, paint: style.colors.bold }
  return [linkSpan(device, style), name, { text: memory, paint: style.colors.dim }, ...lamps, plain(said)]
}

/** Left and right on one line, or on two when they do not fit. */
function spread(left: Line, right: Line, columns: number): Line[] {
  const gap = columns - lineWidth(left) - lineWidth(right)
  return gap >= 2 ? [[...left, plain(" ".repeat(gap)), ...right]] : [left, right]
}

const LINKS = {
  off: "○ no Wi-Fi",
  wifi: "◔ Wi-Fi",
  broker: "◑ connecting",
  online: "● online",
}

function linkSpan(device: DeviceView, { colors }: Style): Span {
  if (device.state === "halted") return { text: "✖ stopped", paint: colors.red }
  if (device.state === "off") return { text: "○ powered off", paint: colors.dim }
  const paint = { off: colors.red, wifi: colors.yellow, broker: colors.yellow, online: colors.green }[device.link]
  return { text: LINKS[device.link], paint }
}

/** Bars as a phone draws them; -67 dBm is the usual limit for streaming, -80 for anything. */
const BAR_DBM = [-85, -75, -67, -55]

function signal(device: DeviceView, { colors }: Style): Line {
  if (device.link === "off") return []
  const count = BAR_DBM.filter((limit) => device.rssiDbm > limit).length
  return [
    { text: "▂▄▆█".slice(0, count), paint: colors.green },
    { text: "▂▄▆█".slice(count), paint: colors.dim },
    plain(` ${Math.round(device.rssiDbm)} dBm`),
  ]
}

function uptime(device: DeviceView, { colors }: Style): Span {
  return { text: `up ${houseTime(device.uptimeUs)} · boot ${device.boots}`, paint: colors.dim }
}

function memoryLine({ memory }: DeviceView, nameWidth: number, columns: number, style: Style): Line {
  const { colors } = style
  if (memory.total === 0) return [{ text: `${"memory".padEnd(nameWidth)} not started yet`, paint: colors.dim }]
  const share = memory.used / memory.total
  // The firmware collects garbage when 1/20 of the blocks are left (Espruino 2v29).
  const paint = share > 0.95 ? colors.red : share > 0.8 ? colors.yellow : colors.green
  const numbers = ` ${memory.used} of ${memory.total} blocks`
  const room = Math.min(28, Math.max(4, columns - nameWidth - 1 - numbers.length))
  return [
    { text: `${"memory".padEnd(nameWidth)} `, paint: colors.dim },
    ...bar(share, room, paint, style),
    plain(numbers),
  ]
}

/** What went over MQTT last. A board that only listens has nothing to say, and a sensor hears nothing. */
function wordLines(
  said: Words | undefined,
  heard: Words | undefined,
  nowUs: number,
  nameWidth: number,
  columns: number,
  { colors }: Style,
): Line[] {
  const line = (label: string, words: Words): Line => {
    const payload = readable(words.payload)
    const topic = `${readable(words.topic)} `
    const age = ` ${ageText(nowUs - words.atUs)}`
    // Where it is narrow the reading counts: the messages below tell its topic and time.
    const room = columns - nameWidth - 1 - width(payload)
    const hasAge = room >= age.length
    const hasTopic = room >= age.length + width(topic)
    return [
      { text: `${label.padEnd(nameWidth)} `, paint: colors.dim },
      { text: hasTopic ? topic : "", paint: colors.cyan },
      plain(payload),
      { text: hasAge ? age : "", paint: colors.dim },
    ]
  }
  const lines = [said && line("said", said), heard && line("heard", heard)].filter((each) => each !== undefined)
  return lines.length > 0 ? lines : [[{ text: `${"said".padEnd(nameWidth)} nothing yet`, paint: colors.dim }]]
}

function ageText(us: number): string {
  const seconds = Math.max(0, Math.floor(us / 1e6))
  return seconds < 100 ? `${seconds} s ago` : `${Math.floor(seconds / 60)} min ago`
}
