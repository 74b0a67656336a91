import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Board } from "./board"
import { eventually } from "./eventually"
import { growths } from "../../tools/bench/growth"
import { EveryKind } from "./every-kind"
import { INTERPRETERS } from "./interpreter"
import { Mosquitto } from "../brokers/mosquitto"
import { WHY_SKIPPED } from "./on-each"
import { Peer } from "./peer"
import { BULB_SETTINGS, bulbUsageAfter, loseWifi, restingUsage, Traffic } from "./traffic"

// The chip-like build where there is one: its blocks are those of the chip. `npm run bench` measures on both.
const [interpreter] = INTERPRETERS.toSorted((a, b) => Number(b.isChipLike) - Number(a.isChipLike))

describe.skipIf(WHY_SKIPPED)(
  `memory in use ${WHY_SKIPPED ? `(skipped: ${WHY_SKIPPED})` : `on ${interpreter!.name}`}`,
  () => {
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

    // 5000 of the 10,000 are at QoS 1: above 8191 a packet id no longer fits into its variable and takes one block more.
    it("is after 10,000 publishes and 10,000 receives what it was after 10", { timeout: 120_000 }, async () => {
      const traffic = await Traffic.start(interpreter!, broker, peer, false)
      board = traffic.board
      const before = await traffic.usageAfter(10)
      expect(await traffic.usageAfter(10_000)).toBe(before)
    })

    it("does not grow with wildcards, nor over reconnects", { timeout: 120_000 }, async () => {
      const traffic = await Traffic.start(interpreter!, broker, peer, true)
      board = traffic.board
      await traffic.loseWifi()
      const before = await traffic.usageAfter(10)
      await traffic.loseWifi()
      expect(await traffic.usageAfter(500)).toBe(before)
    })

    it("does not grow in the bulb with the messages it shows", { timeout: 120_000 }, async () => {
      board = await Board.boot(interpreter!, "src/apps/bulb.ts", { port: broker.port, settings: BULB_SETTINGS })
      await broker.subscribed(BULB_SETTINGS.topic)
      const before = await bulbUsageAfter(10, board, peer)
      const writes = await board.ask("rig.writes")
      expect(await bulbUsageAfter(1000, board, peer)).toBe(before)
      // Three pins a message at least: all of them were handled.
      expect(await board.ask("rig.writes")).toBeGreaterThanOrEqual(writes + 3000)
    })

    it("does not grow in the climate node with readings and reconnects", { timeout: 60_000 }, async () => {
      await peer.subscribe("sensor/data")
      const settings = { sensor: 4, interval: 2000, topic: "sensor/data" }
      board = await Board.boot(interpreter!, "src/apps/climate.ts", { port: broker.port, settings })
      await peer.got("sensor/data", () => true)
      await loseWifi(board)
      const before = await restingUsage(board)
      const readings = peer.received.length
      await loseWifi(board)
      await eventually(() => peer.received.length > readings, "another reading")
      expect(await restingUsage(board)).toBe(before)
    })
  },
)

describe.skipIf(WHY_SKIPPED).each(["311", "5"] as const)(
  `the client's blocks, MQTT %s ${WHY_SKIPPED ? `(skipped: ${WHY_SKIPPED})` : `on ${interpreter!.name}`}`,
  (version) => {
    let chip: EveryKind | undefined

    afterEach(() => chip?.close())

    // Ten thousand messages and more; `npm run bench` has more of each.
    it("are after 1,000 messages of each kind what they were after 10", { timeout: 120_000 }, async () => {
      const grown = await growths(interpreter!, version, 1000)
      expect(grown.length).toBeGreaterThan(10)
      expect(grown.filter(({ growth }) => growth !== 0)).toEqual([])
    })

    it("do not grow over a broker: at all QoS, too large, through wildcards", { timeout: 120_000 }, async () => {
      chip = await EveryKind.start(interpreter!, version)
      const before = await chip.afterMessages(10)
      expect(await chip.afterMessages(1000)).toBe(before)
      // In MQTT 5 the broker keeps to the client's limit.
      if (version === "311") {
        const beforeLarge = await chip.afterTooLarge(9)
        expect(await chip.afterTooLarge(99)).toBe(beforeLarge)
      }
      await chip.subscribeToWildcards()
      const beforeWild = await chip.afterMessages(10)
      expect(await chip.afterMessages(1000)).toBe(beforeWild)
    })

    it("do not grow over 100 reconnects, the session kept and lost", { timeout: 120_000 }, async () => {
      chip = await EveryKind.start(interpreter!, version)
      const before = await chip.afterReconnects(10)
      expect(await chip.afterReconnects(100)).toBe(before)
    })
  },
)
