import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, expect, it } from "vitest"
import { Random } from "../../sim/clock/random"
import { Mosquitto } from "../brokers/mosquitto"
import { Board } from "./board"
import { eventually } from "./eventually"
import { onEachInterpreter } from "./on-each"
import { Peer } from "./peer"

const KILLS = 12
/** A life, from the first connection on. Real time is what it takes: the interpreter is another process. */
const LIFE_MS = { least: 20, most: 400 }
const PERIOD_MS = 25
const SEED = 5

onEachInterpreter("a program whose messages survive a power loss", (interpreter) => {
  let broker: Mosquitto, peer: Peer, board: Board
  const given = { 1: [] as string[], 2: [] as string[] }
  let pulse: ReturnType<typeof setInterval>

  beforeAll(async () => {
    broker = await Mosquitto.start()
    peer = await Peer.connect(broker.port, { clientId: "peer", clean: false })
    await peer.client.subscribeAsync("kept/+", { qos: 2 })
    board = await Board.boot(interpreter, "test/vm/programs/kept.ts", { port: broker.port, settings: { period: 20 } })
    await broker.subscribed("given/2")
    let number = 0
    pulse = setInterval(() => {
      for (const qos of [1, 2] as const) {
        const payload = `${++number}`
        given[qos].push(payload)
        peer.client.publish(`given/${qos}`, payload, { qos })
      }
    }, PERIOD_MS)
  })
  afterAll(async () => {
    clearInterval(pulse)
    board?.close()
    peer?.close()
    await broker?.stop()
  })

  const lines = (start: string) =>
    board.chip.lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length))
  const missing = (wanted: string[], there: string[]) => {
    const known = new Set(there)
    return wanted.filter((one) => !known.has(one))
  }
  const doubled = (list: string[]) => list.filter((one, at) => list.indexOf(one) !== at)

  it(
    `killed ${KILLS} times at seeded moments, loses nothing at QoS 1 and neither loses nor doubles at QoS 2`,
    { timeout: 90_000 },
    async () => {
      const random = new Random(SEED)
      let inWindow = 0
      for (let kill = 0; kill < KILLS; kill++) {
        await board.printed(/mqtt: online/, 20_000, kill + 1)
        await sleep(LIFE_MS.least + random.next() * (LIFE_MS.most - LIFE_MS.least))
        await board.chip.kill()
        // An id was being kept, and whether its handler ran is known to nobody: as power lost right behind the handler.
        const last = board.chip.lines.filter((line) => /^(taking|heard 2)/.test(line)).at(-1)
        if (last === "taking") inWindow++
        board.chip.boot()
      }
      await board.printed(/mqtt: online/, 20_000, KILLS + 1)
      clearInterval(pulse)
      const unheard = () => missing(given[1], lines("heard 1 ")).concat(missing(given[2], lines("heard 2 ")))
      await eventually(
        () => unheard().length <= inWindow,
        () => `${unheard().length} messages to be heard:\n${board.log()}`,
        20_000,
      )
      // What it has accepted by now must arrive; it goes on meanwhile.
      const accepted = { 1: lines("accepted 1 "), 2: lines("accepted 2 ") }
      const notArrived = () => [1, 2].flatMap((qos) => missing(accepted[qos as 1 | 2], peer.payloads(`kept/${qos}`)))
      await eventually(
        () => notArrived().length === 0,
        () => `${notArrived().length} messages to arrive`,
        20_000,
      )

      expect(missing(given[1], lines("heard 1 "))).toEqual([])
      expect(doubled(lines("heard 2 "))).toEqual([])
      expect(doubled(peer.payloads("kept/2"))).toEqual([])
      // Enough happened for this to mean something.
      expect(accepted[2].length).toBeGreaterThan(KILLS * 3)
      expect(lines("heard 2 ").length).toBeGreaterThan(KILLS * 3)
      expect(board.log()).not.toMatch(/uncaught|OUT OF|Interrupted|ERASED/i)
    },
  )
})
