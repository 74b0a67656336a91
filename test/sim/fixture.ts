import type { Board } from "../../sim/board"
import type { Device, PartSpec } from "../../sim/device"
import type { HouseEvent, HouseEventKind } from "../../sim/events"
import { House } from "../../sim/house"
import type { HouseOptions } from "../../sim/house"

/** An ESP32 with all 40 numbers, and what tests use of them. */
export const BOARD: Board = {
  name: "test board",
  chip: "ESP32",
  memory: { blocks: 2500 },
  pins: Object.fromEntries(
    Array.from({ length: 40 }, (_, number) => [
      `GPIO${number}`,
      {
        number,
        inputOnly: number >= 34,
        flash: number >= 6 && number <= 11,
        noWatch: number >= 6 && number <= 12,
        bootPullUp: number === 12,
      },
    ]),
  ),
}

export const RECORD = { id: "board", ssid: "workshop", pass: "secret-word", host: "broker.local", port: 1883, s: {} }

export interface Options extends Partial<Omit<HouseOptions, "devices">> {
  parts?: PartSpec[]
  board?: Board
  /** Not switched on yet. */
  isOff?: boolean
}

/** A house with one board that runs `program`; its first line runs at 350 ms of house time. */
export function oneBoard(program: string, options: Options = {}): { house: House; board: Device } {
  const { parts, isOff, board = BOARD, ...rest } = options
  const house = new House({
    devices: [{ name: "board", bundle: program, board, record: RECORD, parts }],
    ...rest,
  })
  if (!isOff) house.boot()
  return { house, board: house.device("board") }
}

/** What the program printed within `forTime`. */
export async function logsOf(program: string, forTime = "2s", options: Options = {}): Promise<string[]> {
  const { house, board } = oneBoard(program, options)
  await house.advance(forTime)
  return board.logs.map((log) => log.text)
}

/** What one expression prints on the chip. */
export async function valueOf(expression: string): Promise<string> {
  return (await logsOf(`print(${expression})`, "400ms"))[0]
}

export function collect<K extends HouseEventKind>(house: House, kind: K): (HouseEvent & { kind: K })[] {
  const events: (HouseEvent & { kind: K })[] = []
  house.on((event) => event.kind === kind && events.push(event as HouseEvent & { kind: K }))
  return events
}

/** Joins Wi-Fi and then runs `then`. */
export function online(then: string): string {
  return `var wifi = require("Wifi"), net = require("net");
    wifi.connect("workshop", { password: "secret-word" }, function () { ${then} });`
}
