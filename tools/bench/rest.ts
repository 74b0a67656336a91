import { QuickMosquitto } from "../../test/brokers/quick-mosquitto"
import { Board } from "../../test/vm/board"
import { INTERPRETERS, type Interpreter } from "../../test/vm/interpreter"
import { restingUsage } from "../../test/vm/traffic"
import { print, type Row } from "./report"

const BAR = 120
const CLIENTS = [
  ["rest-qos1", "QoS 0 and 1"],
  ["rest-311", "all of 3.1.1"],
  ["rest-5", "all of 5.0"],
] as const

/**
 * Blocks that a connected client with 8 slots holds while nothing happens: those in use with it, less those in use with all that
 * is not it in place: the bundle, whose functions at the top are code; clock, events and options, which the program would
 * have anyway; and the socket with as many listeners.
 */
export async function rest(): Promise<void> {
  const broker = new QuickMosquitto(true)
  await broker.start()
  try {
    for (const interpreter of INTERPRETERS) {
      const rows: Row[] = []
      for (const [program, name] of CLIENTS) rows.push(...(await rowsOf(interpreter, broker.port, program, name)))
      print(`Blocks at rest of a connected client, ${interpreter.name}, beyond its socket`, rows)
    }
  } finally {
    await broker.stop()
  }
}

async function rowsOf(interpreter: Interpreter, port: number, program: string, name: string): Promise<Row[]> {
  const board = await Board.boot(interpreter, `test/vm/programs/${program}.ts`, { port, settings: {} })
  try {
    // All that is still to come has its name already.
    await board.ask(
      `(rig.alarm={set:function(){},clear:function(){},run:0},rig.tell=function(what){print("<told>"+what)},rig.n=function(){},` +
        `rig.client=0,rig.wired=wire(require("net"),rig.alarm,rig.tell),1)`,
    )
    await board.ask(
      `(rig.s=require("net").connect({host:"127.0.0.1",port:${port}},rig.n),rig.s.on("data",rig.n),rig.s.on("close",rig.n),rig.s.on("drain",rig.n),1)`,
    )
    const before = await look(board, 0)
    await board.ask("(rig.s.removeAllListeners(),rig.s.end(),rig.s=0,1)")
    await board.ask(`(rig.client=connect(rig.wired,${port}),1)`)
    await board.printed(/^<told>up/)
    const after = await look(board, 1)
    const [all, code] = [after.blocks - before.blocks, after.code - before.code]
    const state = all - code
    return [
      { what: `${name}, without code`, figure: `${state}`, bar: `${BAR}`, passes: state <= BAR },
      { what: `  with its ${after.functions - before.functions} functions`, figure: `${all}` },
    ]
  } finally {
    board.close()
  }
}

interface Look {
  blocks: number
  /** Functions, and the blocks that are a function itself, its text's place in Storage and the names of its parameters. */
  functions: number
  code: number
}

/** Blocks in use, and what E.dumpVariables lists: number, blocks, flags, what it is, and what hangs on it. */
async function look(board: Board, nth: number): Promise<Look> {
  const blocks = await restingUsage(board)
  const from = board.chip.lines.length
  await board.ask(`(E.dumpVariables(),print("<end>"),1)`)
  await board.printed(/^<end>/, 8000, nth + 1)
  const all = new Map(
    board.chip.lines.slice(from).flatMap((line) => {
      const [, ref, size, rest] = /^(\d+),(\d+),\d+,(.*)$/.exec(line) ?? []
      return ref ? [[ref, { size: Number(size), rest: rest! }] as const] : []
    }),
  )
  let functions = 0
  let code = 0
  for (const { size, rest } of all.values()) {
    const children = rest.split(",").flatMap((ref) => all.get(ref) ?? [])
    const text = children.find((child) => child.rest.startsWith('"\\xFFcod"') || child.rest.startsWith('"\xFFcod"'))
    if (!text) continue
    functions++
    code += size
    for (const child of children) {
      code += child.size
      const value = all.get(child.rest.split(",")[1] ?? "")
      if (child === text && value) code += value.size
    }
  }
  return { blocks, functions, code }
}
