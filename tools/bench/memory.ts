import { Board } from "../../test/vm/board"
import { Chip, type Interpreter } from "../../test/vm/interpreter"
import { Mosquitto } from "../../test/brokers/mosquitto"
import { Peer } from "../../test/vm/peer"
import { BULB_SETTINGS, bulbUsageAfter, loseWifi, restingUsage, Traffic } from "../../test/vm/traffic"
import { print, type Row } from "./report"

const AIM_AT_REST = 700
const CLIMATE = "src/apps/climate.ts"
const BULB = "src/apps/bulb.ts"
/** A reading comes every 2 s, and a fade takes 0.4 s. */
const PEAK_MS = 4500

export async function memory(interpreter: Interpreter): Promise<void> {
  const broker = await Mosquitto.start()
  const peer = await Peer.connect(broker.port)
  try {
    await peer.subscribe("sensor/data")
    const rows = [...(await programs(interpreter, broker, peer)), ...(await growth(interpreter, broker, peer))]
    print(`Blocks in use, ${interpreter.name}, code in Storage, connected`, rows)
  } finally {
    peer.close()
    await broker.stop()
  }
}

async function programs(interpreter: Interpreter, broker: Mosquitto, peer: Peer): Promise<Row[]> {
  const [bare, fakes] = [await bareUsage(interpreter), await fakesUsage(interpreter)]
  const rows: Row[] = [{ what: "Espruino with no program", figure: `${bare}` }]
  const boards = [
    ["climate", CLIMATE, { sensor: 4, interval: 2000, topic: "sensor/data" }],
    ["bulb", BULB, BULB_SETTINGS],
  ] as const
  for (const [name, file, settings] of boards) {
    const board = await Board.boot(interpreter, file, { port: broker.port, settings })
    await board.printed(/mqtt: online/)
    await peer.publish("sensor/data", '{"temperature":20,"humidity":50}')
    await board.ask("0")
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const rest = (await restingUsage(board)) - fakes + bare
    rows.push({ what: `${name}, at rest`, figure: `${rest}`, bar: `aim ${AIM_AT_REST}`, passes: rest <= AIM_AT_REST })
    const peak = await peakOf(board, peer)
    if (peak !== undefined) rows.push({ what: `${name}, most besides, while it works`, figure: `${peak}` })
    await loseWifi(board)
    board.close()
  }
  return rows
}

/** Read in a callback of its own, and the garbage collector kept out as everywhere here. */
export async function bareUsage(interpreter: Interpreter): Promise<number> {
  const chip = new Chip(interpreter)
  await chip.install({ ".boot0": `setTimeout('print("<bare>"+process.memory(false).usage)',300)` })
  chip.boot()
  const line = await chip.printed(/<bare>/)
  chip.close()
  return Number(/<bare>(\d+)/.exec(line)![1])
}

async function fakesUsage(interpreter: Interpreter): Promise<number> {
  const board = await Board.bootFakes(interpreter)
  const usage = await restingUsage(board)
  board.close()
  return usage
}

/** The peak between two timer callbacks with readings and a message in between; undefined when this build does not count. */
async function peakOf(board: Board, peer: Peer): Promise<number | undefined> {
  if (!(await board.ask("!!E.getAllocPeak"))) return undefined
  await board.ask("(setTimeout(function(){E.getAllocPeak(true);rig.base=E.getAllocPeak(true)},100),1)")
  await board.ask(`(setTimeout(function(){rig.top=E.getAllocPeak(true)},${PEAK_MS}),1)`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await peer.publish("sensor/data", '{"temperature":25,"humidity":90}')
  await new Promise((resolve) => setTimeout(resolve, PEAK_MS))
  return board.ask("rig.top-rig.base")
}

const MESSAGES = 10_000

async function growth(interpreter: Interpreter, broker: Mosquitto, peer: Peer): Promise<Row[]> {
  const traffic = await Traffic.start(interpreter, broker, peer, false)
  const before = await traffic.usageAfter(10)
  const after = await traffic.usageAfter(MESSAGES)
  traffic.board.close()
  const bulb = await Board.boot(interpreter, BULB, { port: broker.port, settings: BULB_SETTINGS })
  await bulb.printed(/mqtt: online/)
  const bulbBefore = await bulbUsageAfter(10, bulb, peer)
  const bulbAfter = await bulbUsageAfter(MESSAGES, bulb, peer)
  bulb.close()
  return [
    grown(`growth from 10 to ${MESSAGES} publishes and receives, QoS 0 and 1`, after - before),
    grown(`growth of the bulb from 10 to ${MESSAGES} messages`, bulbAfter - bulbBefore),
  ]
}

const grown = (what: string, blocks: number): Row => ({ what, figure: `${blocks}`, bar: "0", passes: blocks === 0 })
