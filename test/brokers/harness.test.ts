import { existsSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { eventually } from "../vm/eventually"
import { BROKERS } from "./all"
import { Mosquitto, WHY_NO_MOSQUITTO } from "./mosquitto"
import { NatsCluster, WHY_NO_NATS } from "./nats"
import { listens } from "./port"
import { Witness } from "./witness"

/** RabbitMQ needs 7 to 10 s for a start. */
const SLOW = { timeout: 60_000 }

it("says once which brokers these tests run on, and why others are skipped", () => {
  const lines = BROKERS.map(
    ({ make, whyNot }) => `test/brokers: ${whyNot ? `skipped, ${whyNot}` : `on ${make().name}`}`,
  )
  console.log(lines.join("\n"))
  expect(lines).toHaveLength(4)
})

describe.each(BROKERS)("", ({ make, whyNot }) => {
  const broker = make()
  const { maximumQos, versions } = broker.grants
  const why = whyNot ? ` (skipped: ${whyNot})` : ""

  describe.skipIf(whyNot)(`${broker.name}${why}`, () => {
    beforeAll(() => broker.start(), SLOW.timeout)
    afterAll(() => broker.stop(), SLOW.timeout)

    describe.each(versions)("at version %i", (version) => {
      it("grants and carries each QoS up to its maximum", async () => {
        const listener = await Witness.connect(broker.port, version)
        const speaker = await Witness.connect(broker.port, version)
        for (const qos of [0, 1, 2] as const) {
          const granted = Math.min(qos, maximumQos)
          expect(await listener.subscribe(`carried/${version}/${qos}`, qos)).toBe(granted)
          if (qos > maximumQos) continue
          await speaker.publish(`carried/${version}/${qos}`, "here", qos)
          await eventually(() => listener.heard.length > qos, `a message at QoS ${qos}`)
          expect(listener.heard[qos]).toEqual({
            topic: `carried/${version}/${qos}`,
            payload: "here",
            qos,
            retain: false,
          })
        }
        await Promise.all([listener.leave(), speaker.leave()])
      })
    })

    it(
      "does what it says with sessions, messages and retained messages when it is ended amid traffic",
      SLOW,
      async () => {
        const keeper = await Witness.connect(broker.port, versions[0]!)
        await keeper.publish("retained", "kept", 1, true)
        await sleep(broker.retainedIsSafeAfterMs)
        const floods = []
        for (const version of versions) {
          const qos = maximumQos as 1 | 2
          const sleeper = await Witness.connect(broker.port, version, { clientId: `sleeper-${version}`, clean: false })
          expect(sleeper.sessionWasKept).toBe(false)
          await sleeper.subscribe(`flood/${version}`, qos)
          await sleeper.leave()
          const speaker = await Witness.connect(broker.port, version)
          floods.push({ version, speaker, acknowledged: speaker.flood(`flood/${version}`, qos) })
        }
        for (const { acknowledged } of floods)
          await eventually(() => acknowledged.length > 100, "a hundred acknowledgements")
        const { port } = broker
        await broker.kill()
        expect(await listens(port)).toBe(false)
        for (const { speaker } of floods) speaker.drop()

        await broker.restart()
        expect(broker.port).toBe(port)
        for (const { version, acknowledged } of floods) {
          const sleeper = await Witness.connect(port, version, { clientId: `sleeper-${version}`, clean: false })
          expect(sleeper.sessionWasKept).toBe(broker.keepsSessions)
          if (broker.keepsSessions) await sleeper.hears(`flood/${version}`, acknowledged)
          await sleeper.subscribe("retained", 1)
          // What is retained comes before what is published afterwards.
          await sleeper.subscribe("end", 1)
          await sleeper.publish("end", "here", 1)
          await sleeper.hears("end", ["here"])
          if (broker.keepsSessions) await sleeper.hears("retained", ["kept"])
          else expect(sleeper.heard).toHaveLength(1)
          await sleeper.leave()
        }
      },
    )

    it("leaves neither listener nor folder behind, however often it is stopped", SLOW, async () => {
      const { port, folder } = broker
      expect(existsSync(folder)).toBe(true)
      await broker.stop()
      await broker.stop()
      expect(await listens(port)).toBe(false)
      expect(existsSync(folder)).toBe(false)
    })
  })
})

describe.skipIf(WHY_NO_MOSQUITTO)("Mosquitto after a SIGKILL", () => {
  it("has all but what it acknowledged last", async () => {
    const broker = await Mosquitto.start()
    const sleeper = await Witness.connect(broker.port, 4, { clientId: "sleeper", clean: false })
    await sleeper.subscribe("waiting", 1)
    await sleeper.leave()
    const speaker = await Witness.connect(broker.port, 4)
    // The second acknowledgement tells that the loop's turn that took the first message has ended, and been written.
    await speaker.publish("waiting", "first", 1)
    await speaker.publish("waiting", "second", 1)
    await broker.kill("SIGKILL")
    await broker.restart()
    const back = await Witness.connect(broker.port, 4, { clientId: "sleeper", clean: false })
    expect(back.sessionWasKept).toBe(true)
    await back.hears("waiting", ["first"])
    back.drop()
    await broker.stop()
  })
})

const whyNoCluster = WHY_NO_NATS ? ` (skipped: ${WHY_NO_NATS})` : ""

describe.skipIf(WHY_NO_NATS)(`a cluster of three NATS servers${whyNoCluster}`, () => {
  const cluster = new NatsCluster()
  const [first, second, third] = cluster.nodes
  beforeAll(() => cluster.start(), SLOW.timeout)
  afterAll(() => cluster.stop(), SLOW.timeout)

  it("carries a message from each node to each other", async () => {
    const witnesses = await Promise.all(cluster.nodes.map(({ port }) => Witness.connect(port, 4)))
    for (const witness of witnesses) expect(await witness.subscribe("all", 1)).toBe(1)
    await Promise.all(witnesses.map((witness, index) => witness.publish("all", `${index}`, 1)))
    for (const witness of witnesses) await witness.hears("all", ["0", "1", "2"])
    await Promise.all(witnesses.map((witness) => witness.leave()))
  })

  // While it elects its leaders, up to ten seconds and more on a busy machine, the cluster closes connections in the middle.
  const whileElecting = { ...SLOW, retry: 4 }
  it(
    "keeps session and messages when the node that took them is killed, and takes the node back",
    whileElecting,
    async () => {
      const sleeper = await Witness.connectSoon(first!.port, 4, { clientId: "sleeper", clean: false })
      await sleeper.subscribe("flood", 1)
      await sleeper.leave()
      const speaker = await Witness.connectSoon(first!.port, 4)
      const acknowledged = speaker.flood("flood", 1)
      await eventually(() => acknowledged.length > 100, "a hundred acknowledgements")
      await first!.kill()
      speaker.drop()

      const elsewhere = await Witness.connectSoon(second!.port, 4, { clientId: "sleeper", clean: false })
      expect(elsewhere.sessionWasKept).toBe(true)
      await elsewhere.hears("flood", acknowledged)
      await first!.restart()
      const back = await Witness.connectSoon(first!.port, 4)
      await back.publish("flood", "back", 1)
      await elsewhere.hears("flood", ["back"])
      const another = await Witness.connectSoon(third!.port, 4)
      await another.publish("flood", "another", 1)
      await elsewhere.hears("flood", ["another"])
      await Promise.all([elsewhere.leave(), back.leave(), another.leave()])
    },
  )
})
