import { afterAll, beforeAll, expect, it } from "vitest"
import { Mosquitto } from "../brokers/mosquitto"
import { Board } from "./board"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

/** Three times what the chip-like build has room for. */
const BYTES = 200_000

onEachInterpreter("a payload larger than the chip's memory", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board
  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
    board = await Board.boot(interpreter, "test/vm/programs/sliced.ts", { port: broker.port, settings: {} })
    await broker.subscribed("large/+")
  })
  afterAll(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  it("arrives slice by slice at every QoS, and leaves no block behind", { timeout: 60_000 }, async () => {
    const payload = Buffer.from(Array.from({ length: BYTES }, (_, at) => (at * 7) % 251))
    const usage: number[] = []
    for (const qos of [0, 1, 2, 0, 1, 2] as const) {
      await peer.client.publishAsync(`large/${usage.length}`, payload, { qos })
      const line = await board.printed(new RegExp(`^large/${usage.length} `), 20_000)
      expect(line).toBe(`large/${usage.length} ${qos ? "with an id" : "without"}: ${BYTES} of ${BYTES}`)
      usage.push(await board.ask("process.memory().usage", 20_000))
    }
    // A block more or less is a timer's (see restingUsage).
    expect(Math.max(...usage.slice(3))).toBeLessThanOrEqual(Math.max(...usage.slice(0, 3)) + 1)
    expect(board.log()).not.toMatch(/uncaught|OUT OF|Interrupted/i)
  })
})
