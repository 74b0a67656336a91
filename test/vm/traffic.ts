import { Board } from "./board"
import type { Interpreter } from "./interpreter"
import type { Mosquitto } from "../brokers/mosquitto"
import type { Peer } from "./peer"

/** Looks over 1.1 s: longer than acknowledgements, fades and the time between two pings of traffic.ts. */
const LOOKS = 11
const LOOK_EVERY_MS = 100

/**
 * Blocks in use, without the garbage collector's help: a cycle would show. The median of several looks: one in fifty is a
 * block lower, when a timer is due within 8191 us and that number fits into its variable (Espruino 2v29).
 */
export async function restingUsage(board: Board): Promise<number> {
  const looks: number[] = []
  while (looks.length < LOOKS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    looks.push(await board.ask("process.memory(false).usage", 100_000))
  }
  return looks.toSorted((a, b) => a - b)[LOOKS >> 1]!
}

/** A program that sends itself messages over the broker. */
export class Traffic {
  private rounds = 0
  private connections = 1

  private constructor(
    readonly board: Board,
    private readonly broker: Mosquitto,
    private readonly peer: Peer,
  ) {}

  static async start(interpreter: Interpreter, broker: Mosquitto, peer: Peer, wildcards: boolean): Promise<Traffic> {
    const options = { port: broker.port, settings: { wildcards } }
    const traffic = new Traffic(await Board.boot(interpreter, "test/vm/programs/traffic.ts", options), broker, peer)
    await broker.subscribed("go")
    return traffic
  }

  /** Blocks in use after another `messages` were published and received. */
  async usageAfter(messages: number): Promise<number> {
    await this.peer.publish("go", `${messages}`)
    await this.board.printed(/all back/, 100_000, ++this.rounds)
    return restingUsage(this.board)
  }

  async loseWifi(): Promise<void> {
    await loseWifi(this.board)
    await this.broker.subscribed("go", ++this.connections)
  }
}

/** Gone, and back when the program has noticed; returns when it is online again. */
export async function loseWifi(board: Board): Promise<void> {
  const times = (pattern: RegExp) => board.chip.lines.filter((line) => pattern.test(line)).length
  const up = times(/mqtt: online/)
  const down = times(/^wifi: (?!connected)/)
  await board.ask("(rig.wifiLost(),1)")
  await board.printed(/^wifi: (?!connected)/, 8000, down + 1)
  await board.ask("(rig.isAccessPointUp=true,1)")
  await board.printed(/mqtt: online/, 20_000, up + 1)
}

export const BULB_SETTINGS = { red: 16, green: 17, blue: 23, topic: "sensor/data" }

/** Feeds the bulb `messages` of all colours; its blocks in use when all are handled and the last fade is over. */
export async function bulbUsageAfter(messages: number, board: Board, peer: Peer): Promise<number> {
  const tell = (temperatureC: number, humidityPct: number) =>
    peer.publish("sensor/data", `{"temperature":${temperatureC},"humidity":${humidityPct}}`)
  // Full red and full blue are shown by the first and the last alone.
  await tell(40, 100)
  await shown(board, 16)
  const all = []
  for (let sent = 2; sent < messages; sent++) all.push(tell((sent % 40) - 0.5, sent % 100))
  await Promise.all(all)
  await tell(10, 100)
  await shown(board, 23)
  return restingUsage(board)
}

async function shown(board: Board, pin: number): Promise<void> {
  while ((await board.ask(`rig.duty[${pin}]`, 100_000)) !== 1) await new Promise((resolve) => setTimeout(resolve, 100))
}
