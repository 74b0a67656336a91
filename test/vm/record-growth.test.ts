import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Mosquitto } from "../brokers/mosquitto"
import { Board } from "./board"
import { eventually } from "./eventually"
import { INTERPRETERS } from "./interpreter"
import { WHY_SKIPPED } from "./on-each"
import { Peer } from "./peer"
import { restingUsage } from "./traffic"

const TOPIC = "workshop/relay"
/** Of the console, as printed: the recorder's buffer was never full. */
const LOST = /\t!\d/

describe.skipIf(WHY_SKIPPED).each(INTERPRETERS)(
  `the recorder's blocks ${WHY_SKIPPED ? `(skipped: ${WHY_SKIPPED})` : "on $name"}`,
  (interpreter) => {
    let broker: Mosquitto, peer: Peer, board: Board

    beforeEach(async () => {
      broker = await Mosquitto.start()
      peer = await Peer.connect(broker.port)
      await peer.subscribe("#")
      const settings = { button: 17, relay: 16 }
      board = await Board.boot(interpreter, "examples/button-relay.ts", { port: broker.port, settings, record: true })
      await peer.got(TOPIC, () => true)
    })
    afterEach(async () => {
      board?.close()
      peer?.close()
      await broker?.stop()
    })

    /** One message in, one pin, one message out, and their acknowledgements, one behind the other. */
    async function toggle(count: number): Promise<void> {
      for (let sent = 0; sent < count; sent++) {
        const before = peer.payloads(TOPIC).length
        await peer.publish(`${TOPIC}/set`, "TOGGLE")
        await eventually(() => peer.payloads(TOPIC).length > before, "the relay's answer")
      }
    }

    /** The `nth` time; until the board is online again. */
    async function loseWifi(nth: number): Promise<void> {
      await board.ask("(rig.wifiLost(),1)")
      await board.ask("(rig.isAccessPointUp=true,1)")
      const stream = () => board.log().replaceAll(/\n@@\d+ \d+ /g, "")
      await eventually(() => stream().split("mqtt: online").length > nth + 1, stream, 20_000)
    }

    it("are after 2,000 callbacks what they were after 40, and nothing is lost", { timeout: 240_000 }, async () => {
      await toggle(10)
      const before = await restingUsage(board)
      await toggle(500)
      expect(await restingUsage(board)).toBe(before)
      expect(board.log()).not.toMatch(LOST)
    })

    it("are after a lost connection what they were after the one before", { timeout: 120_000 }, async () => {
      await loseWifi(1)
      await toggle(3)
      const before = await restingUsage(board)
      await loseWifi(2)
      await toggle(3)
      expect(await restingUsage(board)).toBe(before)
    })

    it("are bounded when more comes than the console takes: what was lost is told", { timeout: 60_000 }, async () => {
      // 300 changes in one callback, in which nothing can be printed.
      const change = "rig.watches[17]({state:true,time:1,lastTime:1,pin:17})"
      await board.ask(`(rig.many=function(count){for(var i=0;i<count;i++)${change}},rig.many(3),1)`)
      const before = await restingUsage(board)
      const peak = await board.ask("(rig.many(300),process.memory(false).usage)")
      expect(peak - before).toBeLessThan(300)
      await board.printed(LOST)
      expect(await restingUsage(board)).toBe(before)
    })
  },
)
