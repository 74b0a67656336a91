import { appendFileSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { E_EXPIRED } from "../../src/mqtt/constants"
import type { PublishProperties, SubscribeOptions } from "../../src/mqtt/contract"
import { isRetained } from "../../src/mqtt/message"
import * as message5 from "../../src/mqtt/v5/message"
import { will5 } from "../../src/mqtt/v5/mqtt5"
import type { ConnectOptions } from "../../tools/mqtt/connect"
import { eventually } from "../vm/eventually"
import { Device } from "./device"
import { Mosquitto, WHY_NO_MOSQUITTO } from "./mosquitto"
import { freePort } from "./port"
import { Survivor } from "./survivor"

const TLS_FOLDER = path.resolve("test/vectors/tls")
const CA = readFileSync(path.join(TLS_FOLDER, "test-only.cert.pem"), "utf8")
const NOT_AUTHORISED = 0x87

/** One more listener of each kind, and a topic that nobody may use. */
class ManyDoors extends Mosquitto {
  tlsPort = 0
  wsPort = 0
  wssPort = 0

  protected override async prepare(): Promise<void> {
    super.prepare()
    this.tlsPort = await freePort()
    this.wsPort = await freePort()
    this.wssPort = await freePort()
    const acl = path.join(this.folder, "acl")
    writeFileSync(acl, "topic readwrite #\ntopic deny secret\n")
    const certificate = ["cert", "key"].map((part) => `${part}file ${path.join(TLS_FOLDER, `test-only.${part}.pem`)}`)
    const config = [
      `acl_file ${acl}`,
      `listener ${this.tlsPort} 127.0.0.1`,
      ...certificate,
      `listener ${this.wsPort} 127.0.0.1`,
      "protocol websockets",
      `listener ${this.wssPort} 127.0.0.1`,
      "protocol websockets",
      ...certificate,
    ]
    appendFileSync(path.join(this.folder, "mosquitto.conf"), config.join("\n") + "\n")
  }
}

const why = WHY_NO_MOSQUITTO ? ` (skipped: ${WHY_NO_MOSQUITTO})` : ""

describe.skipIf(WHY_NO_MOSQUITTO)(`our client with Mosquitto${why}`, () => {
  const broker = new ManyDoors()
  const closing: (() => unknown)[] = []
  let count = 0
  beforeAll(() => broker.start())
  afterAll(() => broker.stop())
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  function device(url: string, options: Partial<ConnectOptions> = {}): Device {
    const made = new Device(url, options)
    closing.push(() => made.mqtt.close(0))
    return made
  }

  const five = (options: Partial<ConnectOptions> = {}) =>
    device(`mqtt://127.0.0.1:${broker.port}`, { version: 5, clientId: `five-${++count}`, ...options })

  const hears = (of: Device, topic: string, number = 1) =>
    eventually(
      () => of.heard[topic]!.length >= number,
      () => `${number} on ${topic}: ${of.heard[topic]!.length}, ${of.downs.join(", ")}, ${of.troubles.join(", ")}`,
    )

  describe.each([4, 5] as const)("at version %i", (version) => {
    it.each([
      ["TLS", () => `mqtts://localhost:${broker.tlsPort}`],
      ["WebSocket", () => `ws://127.0.0.1:${broker.wsPort}/mqtt`],
      ["WebSocket over TLS", () => `wss://localhost:${broker.wssPort}/mqtt`],
    ])("sends and receives over %s at each QoS, up to 10,000 bytes", async (_, url) => {
      // Mosquitto 2.0.11 takes a second for 100,000 bytes over WebSocket, whoever sends them.
      const ours = device(url(), { version, tls: { ca: CA } })
      for (const qos of [0, 1, 2] as const) ours.listen(`round/${qos}`, qos)
      await ours.settled()
      const payloads = ["\0\xff", "x".repeat(10_000)]
      for (const payload of payloads)
        for (const qos of [0, 1, 2] as const)
          expect(ours.mqtt.publish(`round/${qos}`, payload, { qos })).toBe(qos ? 1 : 0)
      for (const qos of [0, 1, 2] as const) {
        await hears(ours, `round/${qos}`, 2)
        expect(ours.heard[`round/${qos}`]).toEqual(payloads)
      }
      expect([ours.downs, ours.troubles]).toEqual([[], []])
      expect(await ours.mqtt.close()).toBe(0)
    })
  })

  it.each([4, 5] as const)(
    "brings a client that was away all that waits, once and in order, however much it sends at once (version %i)",
    async (version) => {
      const clientId = `away-${version}`
      const options = { version, clientId, keepSession: true }
      const topic = `waiting/${version}`
      const before = device(`mqtt://127.0.0.1:${broker.port}`, options)
      before.listen(topic, 2)
      await before.settled()
      await before.mqtt.close()
      const speaker = device(`mqtt://127.0.0.1:${broker.port}`, { version })
      const numbers = Array.from({ length: 250 }, (_, at) => `${at}`)
      for (const number of numbers) expect(speaker.mqtt.publish(topic, number, { qos: 2 })).toBe(1)
      expect(await speaker.mqtt.close()).toBe(0)
      const ours = device(`mqtt://127.0.0.1:${broker.port}`, options)
      ours.listen(topic, 2)
      await hears(ours, topic, numbers.length)
      await ours.settled()
      expect(ours.heard[topic]).toEqual(numbers)
      expect([ours.downs, ours.troubles]).toEqual([[], []])
    },
  )

  it("is not reached when its certificate is not trusted, and the client says why", async () => {
    const ours = device(`mqtts://localhost:${broker.tlsPort}`)
    await eventually(() => ours.downs.length > 0, "a reason")
    expect(ours.downs[0]).toMatch(/self.signed certificate/)
    expect(ours.ups).toEqual([])
  })

  describe("in MQTT 5", () => {
    it("brings each property of a message along", async () => {
      const ours = five()
      const packets: string[] = []
      ours.mqtt.subscribe("properties", (_payload, _topic, packet) => packets.push(packet), 1)
      await ours.settled()
      const properties: PublishProperties = {
        expiryS: 100,
        contentType: "text/plain",
        isUtf8: true,
        responseTopic: "answers",
        correlationData: "\0\x01\xff",
        userProperties: [
          ["a", "1"],
          ["a", "2"],
        ],
      }
      ours.mqtt.publish("properties", "x", { qos: 1, retain: true, properties })
      await eventually(() => packets.length > 0, "the message")
      const packet = packets[0]!
      expect([message5.contentType(packet), message5.isUtf8(packet)]).toEqual(["text/plain", true])
      expect([message5.responseTopic(packet), message5.correlationData(packet)]).toEqual(["answers", "\0\x01\xff"])
      expect([0, 1, 2].map((nth) => message5.userProperty(packet, nth))).toEqual([["a", "1"], ["a", "2"], undefined])
      expect(message5.messageExpiryS(packet)).toBeLessThanOrEqual(100)
      expect(message5.messageExpiryS(packet)).toBeGreaterThan(90)
    })

    it("sends a topic once and then its alias, and takes none that it did not allow", async () => {
      const witness = await Survivor.connect(broker.port, 5, "alias-witness")
      closing.push(() => witness.leave())
      await witness.subscribe("a/long/topic/that/is/sent/once", 0)
      const ours = five()
      await ours.settled()
      const topic = ours.mqtt.topic("a/long/topic/that/is/sent/once", { alias: true })
      for (const payload of ["1", "2", "3"]) expect(topic.publish(payload)).toBe(0)
      await eventually(() => witness.heard["a/long/topic/that/is/sent/once"]!.length === 3, "three messages")
      expect(witness.heard["a/long/topic/that/is/sent/once"]).toEqual(["1", "2", "3"])
      expect(ours.downs).toEqual([])
    })

    it("shares a subscription: each message reaches one of the two", async () => {
      const [one, other] = [five(), five()]
      for (const ours of [one, other]) {
        ours.heard.shared = []
        ours.mqtt.subscribe("$share/group/shared", (payload) => ours.heard.shared!.push(payload), 1)
        await ours.settled()
      }
      const numbers = Array.from({ length: 100 }, (_, at) => `${at}`)
      for (const number of numbers) one.mqtt.publish("shared", number, { qos: 1 })
      const all = () => [...one.heard.shared!, ...other.heard.shared!]
      await eventually(() => all().length >= 100, "a hundred messages")
      expect(all().toSorted((a, b) => +a - +b)).toEqual(numbers)
      expect([one.heard.shared!.length > 0, other.heard.shared!.length > 0]).toEqual([true, true])
    })

    it("honours No Local, retain as published and retain handling, and tells subscriptions apart by their ids", async () => {
      const keeper = five()
      keeper.mqtt.publish("option/kept", "kept", { qos: 1, retain: true })
      expect(await keeper.mqtt.close()).toBe(0)
      const ours = five()
      const heard: Record<string, string[]> = {}
      const listen = (name: string, filter: string, options: SubscribeOptions) => {
        const list: string[] = (heard[name] = [])
        const note = (payload: string, _: string, packet: string) =>
          list.push(isRetained(packet) ? `${payload} retained` : payload)
        ours.mqtt.subscribe(filter, note, 1, options)
      }
      listen("all", "option/#", { id: 1 })
      listen("never", "option/+", { id: 2, retainHandling: 2 })
      listen("not mine", "option/new", { id: 3, noLocal: true })
      listen("as published", "option/new/#", { id: 4, retainAsPublished: true })
      await ours.settled()
      ours.mqtt.publish("option/new", "new", { qos: 1, retain: true })
      await eventually(() => heard["as published"]!.length > 0 && heard.all!.length > 1, "both messages")
      expect(heard).toEqual({
        all: ["kept retained", "new"],
        never: ["new"],
        "not mine": [],
        "as published": ["new retained"],
      })
      for (const topic of ["option/kept", "option/new"]) ours.mqtt.publish(topic, "", { qos: 1, retain: true })
      expect(await ours.mqtt.close()).toBe(0)
    })

    it("keeps a session as long as it was asked to, and not when its end is said", async () => {
      const options = { clientId: "expiring", keepSession: true, mqtt5: { sessionExpiryS: 3600 } }
      const first = five(options)
      await first.settled()
      first.mqtt.mqtt5!.disconnect()
      await first.mqtt.close(0)
      const listener = five()
      listener.listen("ended", 1)
      await listener.settled()
      const second = five({ ...options, will: will5("ended", "", {}) })
      await second.settled()
      // With 0x04 the will tells when the broker has read it: the next CONNECT could overtake it.
      second.mqtt.mqtt5!.disconnect(4, 0)
      await hears(listener, "ended")
      await second.mqtt.close(0)
      const third = five(options)
      await third.settled()
      const resumed = [first, second, third].map(({ ups }) => ups[0]!.isResumed)
      expect(resumed).toEqual([false, true, false])
    })

    it("has its will published after the delay, and not if it comes back before", async () => {
      const listener = five()
      listener.listen("will/back", 1)
      listener.listen("will/gone", 1)
      await listener.settled()
      const dying = (name: string) => {
        const part = will5(`will/${name}`, "gone", { qos: 1, delayS: 1, properties: { contentType: "text/plain" } })
        return five({ clientId: name, will: part, keepSession: true, mqtt5: { sessionExpiryS: 60 } })
      }
      const [back, gone] = [dying("back"), dying("gone")]
      await Promise.all([back.settled(), gone.settled()])
      // 0x04: goodbye, with the will.
      for (const ours of [back, gone]) ours.mqtt.mqtt5!.disconnect(4)
      await Promise.all([back.mqtt.close(0), gone.mqtt.close(0)])
      await dying("back").settled()
      await hears(listener, "will/gone")
      expect([listener.heard["will/gone"], listener.heard["will/back"]]).toEqual([["gone"], []])
    })

    it("is told why by reason codes: what is denied is reported with its topic and finished", async () => {
      const ours = five()
      await ours.settled()
      // Mosquitto 2.0.11 closes the connection behind each such answer; the rest follows on the next one.
      for (const _ of [1, 2]) ours.mqtt.publish("secret", "x", { qos: 1 })
      // 0x10, no matching subscribers, is a success.
      ours.mqtt.publish("nobody/listens", "x", { qos: 1 })
      await eventually(() => ours.mqtt.pending() === 0, "all answers")
      expect(ours.troubles).toEqual([`${NOT_AUTHORISED} secret`, `${NOT_AUTHORISED} secret`])
    })

    it("does not send what has expired while the broker was away, and says so", async () => {
      const ours = five({ keepSession: true })
      ours.listen("fresh", 1)
      await ours.settled()
      await broker.kill()
      await eventually(() => !ours.mqtt.isOnline(), "the end of the connection")
      ours.mqtt.publish("fresh", "old", { qos: 1, properties: { expiryS: 1 } })
      ours.mqtt.publish("fresh", "new", { qos: 1, properties: { expiryS: 100 } })
      // The client's clock is the host's here: it takes its second.
      const oldAt = performance.now() + 1000
      await eventually(() => performance.now() > oldAt, "a second")
      await broker.start()
      await hears(ours, "fresh")
      expect([ours.heard.fresh, ours.troubles]).toEqual([["new"], [`${E_EXPIRED} fresh`]])
    })
  })
})
