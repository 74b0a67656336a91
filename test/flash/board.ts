import { simulatedBoard, type SimulatedBoard } from "../../tools/console/board"
import { BoardConsole } from "../../tools/flash/console"
import { flash, type Flashing } from "../../tools/flash/flash"
import type { SerialLine } from "../../tools/serial/port"
import { BOARD } from "../sim/fixture"
import { RECORD } from "../sim/fixture"

export const recordOf = (id: string) => ({ ...RECORD, id })

/** Longer than a packet, and with every kind of byte that a console might take for a key. */
export const programCalled = (name: string) =>
  `${Array.from({ length: 60 }, (_, n) => `function f${n}(){return "${name} ${n} padding \x03\x04\x10\x11\x13"}`).join("\n")}
  print("here is ${name}");global.which=function(){return f59().substr(0,3)};setInterval(f0,50);`

export const emptyBoard = (files: Record<string, string> = {}, speed = 100): SimulatedBoard =>
  simulatedBoard({ name: "board", board: BOARD, record: RECORD, parts: [] }, { files, speed })

export async function put(line: SerialLine, program: string | undefined, id: string, more: Partial<Flashing> = {}) {
  const said: string[] = []
  const verdict = await flash(line, "the board", {
    board: { name: "esp32-devkitc", chip: "ESP32" },
    program: program === undefined ? undefined : () => program,
    record: recordOf(id),
    say: (text) => said.push(text),
    ...more,
  })
  return { said, verdict }
}

/** What runs, and whose settings are the newest whole ones. */
export async function running(line: SerialLine): Promise<string[]> {
  const console = new BoardConsole(line, "the board")
  if (!(await console.knock(10_000))) throw new Error(`no prompt: ${console.heard}`)
  return console.ask<string[]>(
    '[global.which?which():"nothing",(function(){var best=0,id;["mw.a","mw.b"].forEach(function(n){' +
      'var f=require("Storage").read(n)||"",a=f.indexOf(" ");if(a>0&&f.substr(0,a)==""+E.CRC32(f.substr(a+1))&&parseInt(f.substr(a+1))>best){' +
      'best=parseInt(f.substr(a+1));id=JSON.parse(f.substr(f.indexOf("{"))).id}});return id})()]',
  )
}
