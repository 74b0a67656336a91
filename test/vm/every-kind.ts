import { QuickMosquitto } from "../brokers/quick-mosquitto"
import { Board } from "./board"
import type { Interpreter } from "./interpreter"
import { Peer } from "./peer"
import { restingUsage } from "./traffic"

/** Above `maxPacketBytes` of the program. */
const LARGE_BYTES = 2000

/** A chip that runs test/vm/programs/every-kind.ts, and the broker it talks to itself over. */
export class EveryKind {
  private told = 0

  private constructor(
    private readonly board: Board,
    private readonly broker: QuickMosquitto,
    private readonly peer: Peer,
  ) {}

  static async start(interpreter: Interpreter, version: "311" | "5"): Promise<EveryKind> {
    const broker = new QuickMosquitto(true)
    await broker.start()
    const peer = await Peer.connect(broker.port)
    const options = { port: broker.port, settings: {} }
    const board = await Board.boot(interpreter, `test/vm/programs/every-${version}.ts`, options)
    const chip = new EveryKind(board, broker, peer)
    await board.ask(
      `(rig.later=function(run){setTimeout(run,1)},rig.tell=function(what){print("<told>"+what)},` +
        `rig.every=everyKind(require("net"),${broker.port},rig.later,rig.tell),rig.every[0](),1)`,
    )
    await chip.tells("up")
    return chip
  }

  /** Blocks in use after another `messages`: QoS 0, 1 and 2, prepared and not, out and in, and a ping for every seven. */
  async afterMessages(messages: number): Promise<number> {
    return this.after(`rig.every[1](${messages})`, "all back")
  }

  /** Blocks in use after messages that are larger than the client takes: at each QoS. */
  async afterTooLarge(messages: number): Promise<number> {
    await this.board.ask(`(rig.every[2](${messages}),1)`)
    const payload = Buffer.alloc(LARGE_BYTES, "x")
    for (let sent = 0; sent < messages; sent++)
      await this.peer.client.publishAsync("every/large", payload, { qos: (sent % 3) as 0 | 1 | 2 })
    return this.after("0", "all back")
  }

  /** Blocks in use after so many reconnects with messages under way; the broker has kept the session every other time. */
  async afterReconnects(times: number): Promise<number> {
    return this.after(`rig.every[3](${times})`, "reconnected")
  }

  /** From now on one of the six topics is heard through a filter with wildcards, and every message is matched against it. */
  async subscribeToWildcards(): Promise<void> {
    await this.board.ask("(rig.every[4](),1)")
    await this.broker.subscribed("wild/+/#")
  }

  async close(): Promise<void> {
    this.board.close()
    this.peer.close()
    await this.broker.stop()
  }

  private async after(expression: string, told: string): Promise<number> {
    await this.board.ask(`(${expression},1)`, WITHIN_MS)
    await this.tells(told)
    return restingUsage(this.board)
  }

  private async tells(what: string): Promise<void> {
    const line = await this.board.printed(/^<told>/, WITHIN_MS, ++this.told)
    if (line !== `<told>${what}`) throw new Error(`${line} instead of ${what}`)
  }
}

/** For 700,000 messages. */
const WITHIN_MS = 300_000
