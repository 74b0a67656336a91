import { Board } from "../../test/vm/board"
import { Mosquitto } from "../../test/brokers/mosquitto"
import type { Interpreter } from "../../test/vm/interpreter"
import { Peer } from "../../test/vm/peer"
import { shipped, type Shipped } from "../../test/vm/shipped"
import { restingUsage } from "../../test/vm/traffic"
import { forecastOf } from "../build/forecast"
import { buildProgram } from "../build/program"
import { bareUsage } from "./memory"
import { print, type Row } from "./report"

const BAR_PCT = 10
/** Long enough for readings, fades and a ping. */
const WORK_MS = 6500

/** What `motewire build` says that a program will take, against what it takes on the chip-like interpreter. */
export async function forecast(chip: Interpreter): Promise<void> {
  const broker = await Mosquitto.start()
  const peer = await Peer.connect(broker.port)
  try {
    const bare = await bareUsage(chip)
    const rows: Row[] = []
    for (const device of await shipped()) {
      const said = forecastOf((await buildProgram(device.program)).code, device.maxQueued)
      const { rest, peak } = await measured(chip, device, broker, peer, bare)
      rows.push(compared(`${device.name}, at rest`, said.rest, rest), compared("  at most", said.peak, peak))
    }
    print(`Blocks forecast and measured, pretokenised, ${chip.name}`, rows)
  } finally {
    peer.close()
    await broker.stop()
  }
}

function compared(what: string, said: number, found: number): Row {
  const offPct = (100 * (said - found)) / found
  const figure = `${said} for ${found}, ${offPct > 0 ? "+" : ""}${offPct.toFixed(1)} %`
  return { what, figure, bar: `${BAR_PCT} %`, passes: Math.abs(offPct) <= BAR_PCT }
}

async function measured(chip: Interpreter, device: Shipped, broker: Mosquitto, peer: Peer, bare: number) {
  const { program, settings, fakes } = device
  const fake = await Board.bootFakes(chip, fakes)
  const fakesUsage = await restingUsage(fake)
  fake.close()
  const board = await Board.boot(chip, program, { port: broker.port, settings, fakes, tokens: true })
  try {
    await board.printed(/mqtt: online/)
    await peer.publish("sensor/data", '{"temperature":20,"humidity":50}')
    await new Promise((resolve) => setTimeout(resolve, 2500))
    const rest = await restingUsage(board)
    const peak = await peakOf(board, peer)
    return { rest: rest - fakesUsage + bare, peak: peak - fakesUsage + bare }
  } finally {
    board.close()
  }
}

/** The most in use from one timer callback to another, with a message in between; neither boot nor a reconnect is in it. */
async function peakOf(board: Board, peer: Peer): Promise<number> {
  await board.ask("(setTimeout(function(){E.getAllocPeak(true)},100),1)")
  await board.ask(`(setTimeout(function(){rig.top=E.getAllocPeak(true)},${WORK_MS}),1)`)
  await new Promise((resolve) => setTimeout(resolve, 500))
  await peer.publish("sensor/data", '{"temperature":25,"humidity":90}')
  await new Promise((resolve) => setTimeout(resolve, WORK_MS))
  return board.ask("rig.top")
}
