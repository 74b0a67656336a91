import type { HouseView, LogLevel, Message } from "../../../sim/events"
import type { Heard } from "../sim/protocol"
import { clientName, houseTime } from "../../text/say"
import { buttonKeys, keysText } from "./buttons"
import { beside, rule } from "./frame"
import { panel, summaryLine } from "./panel"
import { fitLine, paintLine, plain, type Line, type Style } from "./style"
import { fit, harmless, readable, width } from "../../text/terminal"

/** Everything the screen shows. The view is a function of it: no timer, no terminal, no memory. */
export interface ViewState {
  house: HouseView
  heard: Heard
  speed: number | "max"
  /** "mqtt://127.0.0.1:1884", and why it is not 1883. */
  broker: { url?: string; note?: string; hint?: string }
  /** Newest last. */
  log: LogLine[]
}

export interface LogLine {
  atUs: number
  device: string
  level: LogLevel
  text: string
}

interface Size {
  columns: number
  rows: number
}

const LEAST_COLUMNS = 40
const PANEL_COLUMNS = 38
const GAP = 1

/** Exactly `rows` lines of exactly `columns` columns each, painted. */
export function view(state: ViewState, size: Size, style: Style): string[] {
  const columns = Math.max(LEAST_COLUMNS, size.columns)
  const top = [header(state, columns, style), ...boards(state, columns, size.rows, style)]
  const foot = hint(state, style)
  const rest = size.rows - top.length - foot.length
  // The messages are what the house is for; the log gets what they leave, a third at least.
  const logRows = rest < 6 ? 0 : Math.max(3, Math.floor(rest / 3))
  const body = [...messages(state, rest - logRows, columns, style), ...log(state, logRows, columns, style)]
  const lines = [...top, ...body, ...foot]
  while (lines.length < size.rows) lines.push([])
  return lines.slice(0, size.rows).map((line) => paintLine(fitLine(line, size.columns)))
}

function header({ house, speed, broker }: ViewState, columns: number, { colors }: Style): Line {
  const time = `${houseTime(house.atUs)}${speed === 1 ? "" : ` ×${speed}`}`
  const url = broker.url ?? (house.broker.running ? "broker inside" : "broker stopped")
  const clients = `${house.broker.clients} ${house.broker.clients === 1 ? "client" : "clients"}`
  // The address is what a person types elsewhere: in a narrow window the name gives way to it.
  const name = { text: columns < 50 ? "" : "motewire  ", paint: colors.bold }
  const note = broker.note && columns >= 80 ? ` (${broker.note})` : ""
  return [name, plain(`${time}  `), { text: harmless(url), paint: colors.cyan }, plain(`  ${clients}${note}`)]
}

function boards({ house, heard }: ViewState, columns: number, rows: number, style: Style): Line[] {
  const { devices, atUs } = house
  const names = devices.map(({ name }) => name)
  const heardBy = new Map(Object.entries(heard).map(([client, message]) => [clientName(client, names), message]))
  const across = Math.max(1, Math.min(devices.length, Math.floor(columns / PANEL_COLUMNS)))
  const edge = (i: number) => Math.floor(((columns + GAP) * i) / across) - (i === across ? GAP : 0)
  const lines: Line[] = []
  for (let first = 0; first < devices.length; first += across) {
    const row = devices.slice(first, first + across)
    const widths = row.map((_, i) => edge(i + 1) - edge(i) - (i < across - 1 ? GAP : 0))
    const draw = (height?: number) =>
      row.map((device, i) => panel(device, heardBy.get(device.name), atUs, widths[i], style, height))
    const height = Math.max(...draw().map((block) => block.length))
    lines.push(...beside(draw(height), GAP, columns))
  }
  // Header, messages and hint keep 8 rows: below that a line a board says more than half a panel.
  return lines.length <= rows - 8 ? lines : devices.map((device) => summaryLine(device, style))
}

function messages({ house }: ViewState, rows: number, columns: number, style: Style): Line[] {
  if (rows < 2) return []
  const shown = house.messages.slice(-(rows - 1))
  const names = house.devices.map(({ name }) => name)
  const fromOf = (message: Message) => clientName(message.from || "house", names)
  const isWide = columns >= 60
  const fromWidth = isWide ? widest(shown, fromOf, 4, 12) : 0
  const topicWidth = widest(shown, ({ topic }) => readable(topic), 5, Math.floor(columns / 4))
  const lines = shown.map((message): Line => {
    const from = isWide ? `${fit(fromOf(message), fromWidth)}  ` : ""
    return [
      { text: `${houseTime(message.atUs)}  ${from}`, paint: style.colors.dim },
      { text: `${fit(readable(message.topic), topicWidth)}  `, paint: style.colors.cyan },
      plain(readable(message.payload)),
      { text: marks(message), paint: style.colors.dim },
    ]
  })
  return padded([rule("messages", columns, style), ...lines], rows)
}

const marks = ({ qos, retain }: Message) => `${qos > 0 ? `  QoS ${qos}` : ""}${retain ? "  retained" : ""}`

function widest(shown: Message[], text: (message: Message) => string, least: number, most: number): number {
  return Math.min(most, Math.max(least, ...shown.map((message) => width(text(message)))))
}

function log({ log }: ViewState, rows: number, columns: number, style: Style): Line[] {
  if (rows < 2) return []
  const { colors } = style
  const paints = { debug: colors.dim, info: undefined, warn: colors.yellow, error: colors.red }
  const lines = log.slice(-(rows - 1)).map((line): Line => [
    { text: `${houseTime(line.atUs)}  ${fit(harmless(line.device), 10)}  `, paint: colors.dim },
    { text: harmless(line.text), paint: paints[line.level] },
  ])
  return padded([rule("log", columns, style), ...lines], rows)
}

function hint({ broker, house }: ViewState, { colors }: Style): Line[] {
  const command = broker.hint ? `try: ${broker.hint}   ` : ""
  const keys = keysText(buttonKeys(house))
  const lines = [...(keys ? [keys] : []), `${command}q quits`]
  return lines.map((text) => [{ text, paint: colors.dim }])
}

function padded(lines: Line[], rows: number): Line[] {
  return [...lines, ...Array.from({ length: Math.max(0, rows - lines.length) }, (): Line => [])]
}
