import { afterEach, beforeEach, expect, it } from "vitest"
import { Board } from "./board"
import { Mosquitto } from "./mosquitto"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

// 5000 of the 10,000 are at QoS 1: above 8191 a packet id no longer fits into its variable and takes one block more.
const MESSAGES = 10_000

onEachInterpreter("memory in use, collected or not", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board

  beforeEach(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port)
  })
  afterEach(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  /** Without the garbage collector: a cycle would show. */
  const usage = () => board.ask("process.memory(false).usage")

  async function send(count: number, nth: number): Promise<void> {
    await peer.publish("go", `${count}`)
    await board.printed(/all back/, 30_000, nth)
    // The last PUBACK, and a ping that may be under way.
    await new Promise((resolve) => setTimeout(resolve, 300))
  }

  for (const wildcards of [false, true])
    it(`is after 10,000 publishes and 10,000 receives what it was after 10, ${wildcards ? "with" : "without"} wildcards`, { timeout: 60_000 }, async () => {
      board = await Board.boot(interpreter, "test/vm/programs/traffic.ts", { port: broker.port, settings: { wildcards } })
      await board.printed(/mqtt: online/)
      await send(10, 1)
      const before = await usage()
      await send(MESSAGES, 2)
      expect(await usage()).toBe(before)

      await board.ask("(rig.wifiLost(),1)")
      await board.printed(/^wifi: /)
      await board.ask("(rig.isAccessPointUp=true,1)")
      await board.printed(/mqtt: online/, 12_000, 2)
      await send(10, 3)
      expect(await usage()).toBe(before)
    })

  it("is in the bulb after 10,000 messages what it was after 10", { timeout: 60_000 }, async () => {
    const settings = { red: 16, green: 17, blue: 23, topic: "sensor/data" }
    board = await Board.boot(interpreter, "src/apps/bulb.ts", { port: broker.port, settings })
    await board.printed(/mqtt: online/)

    async function feed(count: number): Promise<number> {
      for (let sent = 1; sent < count; sent++)
        peer.client.publish("sensor/data", `{"temperature":${sent % 40}.5,"humidity":${sent % 100}}`, { qos: 1 })
      await peer.publish("sensor/data", '{"temperature":10,"humidity":100}')
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 300))
        if ((await board.ask("rig.duty[23]", 30_000)) === 1) return usage()
      }
    }
    const before = await feed(10)
    const writes = await board.ask("rig.writes")
    expect(await feed(MESSAGES)).toBe(before)
    // Three pins a message at least: all of them were handled.
    expect(await board.ask("rig.writes")).toBeGreaterThanOrEqual(writes + 3 * MESSAGES)
  })
})
