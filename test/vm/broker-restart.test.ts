import { afterAll, beforeAll, expect, it } from "vitest"
import { Board } from "./board"
import { eventually } from "./eventually"
import { Mosquitto } from "../brokers/mosquitto"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

const TOPIC = "numbered"
const TOTAL = 250
/** So that it publishes for longer than the first outage lasts. */
const PERIOD_MS = 60
/** The third wait of the backoff is 4 to 16 s. */
const LONGEST_WAIT_MS = 17_000
/** What the interpreter itself prints. */
const REFUSED = /Connect failed/

onEachInterpreter("a broker that is killed and started again", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board

  beforeAll(async () => {
    broker = await Mosquitto.start()
    // A kept session, on disk before the first message: what the broker loses must not count against the device.
    peer = await Peer.connect(broker.port, { clientId: "listener", clean: false })
    await peer.subscribe(TOPIC)
    await eventually(() => broker.hasSaved(), "the broker to save the subscription")
    const settings = { topic: TOPIC, total: TOTAL, period: PERIOD_MS }
    board = await Board.boot(interpreter, "test/vm/programs/numbered.ts", { port: broker.port, settings })
  })
  afterAll(async () => {
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  it("loses no QoS 1 message, twice over", { timeout: 80_000 }, async () => {
    for (const [outage, atLeast] of [40, 120].entries()) {
      await peer.got(TOPIC, (payload) => Number(payload) >= atLeast, LONGEST_WAIT_MS)
      await broker.kill()
      await board.printed(/closed by broker/, 8000, outage + 1)
      // Published into the void; and the first time, the device finds nobody at least once.
      if (outage === 0) await board.printed(REFUSED)
      await broker.start()
    }
    expect(await board.printed(/^published/, LONGEST_WAIT_MS)).toBe(`published ${TOTAL}, refused 0`)
    await peer.got(TOPIC, (payload) => Number(payload) === TOTAL, LONGEST_WAIT_MS)
    const arrived = peer.payloads(TOPIC).map(Number)
    expect(new Set(arrived)).toEqual(new Set(Array.from({ length: TOTAL }, (_, index) => index + 1)))
    // In order, but for what a resend repeats [MQTT-4.6.0-6].
    const first = [...new Set(arrived)]
    expect(first).toEqual(first.toSorted((a, b) => a - b))
    expect(board.log()).not.toMatch(/[1-9]\d* (messages )?(dropped|lost)|uncaught|OUT OF|Interrupted/i)
  })
})
