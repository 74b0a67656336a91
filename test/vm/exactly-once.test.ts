import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Mosquitto } from "../brokers/mosquitto"
import { Survivor } from "../brokers/survivor"
import { Board } from "./board"
import { eventually } from "./eventually"
import { onEachInterpreter } from "./on-each"

const TOTAL = 200
const PERIOD_MS = 20
const WINDOW = 10
const NUMBERS = Array.from({ length: TOTAL }, (_, at) => `${at + 1}`)
/** What the interpreter itself prints. */
const REFUSED = /Connect failed/

onEachInterpreter("QoS 2 while the broker is killed and started again", (interpreter) => {
  describe.each([
    ["3.1.1", 4, "exactly-once-311"],
    ["5.0", 5, "exactly-once-5"],
  ] as const)("in MQTT %s", (_, version, program) => {
    let broker: Mosquitto, witness: Survivor, board: Board

    beforeAll(async () => {
      broker = await Mosquitto.start()
      witness = await Survivor.connect(broker.port, version, "witness")
      await witness.subscribe("out", 2)
      const settings = { total: TOTAL, period: PERIOD_MS }
      board = await Board.boot(interpreter, `test/vm/programs/${program}.ts`, { port: broker.port, settings })
      await broker.subscribed("in")
    })
    afterAll(async () => {
      board?.close()
      await witness?.leave()
      await broker?.stop()
    })

    it(`brings ${TOTAL} messages each way, once and in order`, { timeout: 40_000 }, async () => {
      const heard = () => board.chip.lines.flatMap((line) => /heard (\d+)/.exec(line)?.[1] ?? [])
      const speaking = (async () => {
        for (const number of NUMBERS) {
          witness.publish("in", number, 2)
          while (witness.pending >= WINDOW) await sleep(1)
          await sleep(PERIOD_MS / 2)
        }
      })()
      await eventually(
        () => witness.heard.out!.length >= TOTAL / 4 && heard().length >= TOTAL / 4,
        () => `a quarter: ${witness.heard.out!.length} out, ${heard().length} in`,
        20_000,
      )
      expect(Math.max(witness.heard.out!.length, heard().length)).toBeLessThan(TOTAL)
      await broker.kill()
      await board.printed(/closed by broker/)
      await board.printed(REFUSED)
      await broker.start()
      await speaking
      await eventually(
        () => witness.heard.out!.includes(`${TOTAL}`) && heard().includes(`${TOTAL}`),
        () => `all: ${witness.heard.out!.length} out, ${heard().length} in:\n${board.log()}`,
        20_000,
      )
      expect([witness.heard.out, heard()]).toEqual([NUMBERS, NUMBERS])
      // The firmware throws at a write between its peer's close and the event that tells of it: what was not sent goes out later.
      expect(board.log().replaceAll("Uncaught Error: This socket is closed", "")).not.toMatch(
        /uncaught|OUT OF|Interrupted/i,
      )
    })
  })
})
