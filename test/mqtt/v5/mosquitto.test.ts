import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest"
import { createMqtt } from "../../../src/mqtt/client"
import type { MqttOptions } from "../../../src/mqtt/contract"
import { qos2 } from "../../../src/mqtt/qos2"
import { createSession, REFUSE } from "../../../src/mqtt/session"
import * as message from "../../../src/mqtt/v5/message"
import { mqtt5, type Mqtt5Options } from "../../../src/mqtt/v5/mqtt5"
import { requester, respond } from "../../../src/mqtt/v5/request"
import { hostClock } from "../../../tools/mqtt/clock"
import { tcp } from "../../../tools/mqtt/tcp"
import { Mosquitto, WHY_NO_MOSQUITTO } from "../../brokers/mosquitto"
import { eventually } from "../../vm/eventually"

/** A client of MQTT 5 on a real socket, and what happened to it. */
function device(port: number, options: Partial<MqttOptions> = {}, options5: Mqtt5Options = {}) {
  const events: string[] = []
  const five = mqtt5(hostClock, options5)
  const mqtt = createMqtt(
    tcp,
    hostClock,
    {
      onUp: (isResumed) => void events.push(isResumed ? "up resumed" : "up"),
      onDown: (reason) => void events.push(`down ${reason}`),
      onTrouble: (code, about) => void events.push(`trouble ${code} ${about}`),
    },
    { clientId: "d", keepAliveS: 60, maxPacketBytes: 4096, maxUnsentBytes: 4096, maxSubscriptions: 8, ...options },
    createSession(8, 4096, REFUSE, qos2),
    five,
  )
  const until = (event: string) =>
    eventually(
      () => events.includes(event),
      () => `"${event}" in ${events.join(", ")}`,
    )
  const dial = async () => {
    mqtt.open("127.0.0.1", port)
    await eventually(() => mqtt.isOnline(), "the connection")
  }
  return { mqtt, five, events, until, dial }
}

describe.skipIf(WHY_NO_MOSQUITTO)(
  `MQTT 5 with Mosquitto ${WHY_NO_MOSQUITTO ? `(skipped: ${WHY_NO_MOSQUITTO})` : ""}`,
  () => {
    let broker: Mosquitto
    const open: ReturnType<typeof device>[] = []
    beforeAll(async () => void (broker = await Mosquitto.start()))
    afterEach(() => open.splice(0).forEach(({ mqtt }) => mqtt.close()))
    afterAll(() => broker?.stop())

    const online = async (...args: Parameters<typeof device> extends [number, ...infer Rest] ? Rest : never) => {
      const made = device(broker.port, ...args)
      open.push(made)
      await made.dial()
      return made
    }

    test("every property arrives at every QoS, with the subscription's identifier", async () => {
      const { mqtt, events, until } = await online()
      const properties = {
        expiryS: 1000,
        isUtf8: true,
        contentType: "text/plain",
        responseTopic: "r",
        correlationData: "\0\xff",
        userProperties: [
          ["a", "1"],
          ["a", "2"],
        ],
      } as const
      mqtt.subscribe(
        "p/+",
        (payload, topic, packet) => {
          const pairs = [0, 1].map((nth) => message.userProperty(packet, nth)!.join("="))
          const { contentType, correlationData, isUtf8, messageExpiryS, responseTopic, subscriptionId } = message
          events.push(
            [topic, payload, contentType(packet), responseTopic(packet), isUtf8(packet), messageExpiryS(packet)].join(),
            [correlationData(packet) === "\0\xff", subscriptionId(packet), pairs].join(),
          )
        },
        2,
        { id: 70_000 },
      )
      for (const qos of [0, 1, 2] as const) {
        mqtt.publish(`p/${qos}`, "x", { qos, properties })
        await until(`p/${qos},x,text/plain,r,true,1000`)
      }
      expect(events.filter((event) => event === "true,70000,a=1,a=2")).toHaveLength(3)
    })

    test("topic aliases both ways", async () => {
      const { mqtt, events, until } = await online({ clientId: "alias" }, { topicAliasMaximum: 3 })
      mqtt.subscribe("long/topic/+", (payload, topic) => events.push(`${topic} ${payload}`))
      const topics = ["a", "b"].map((end) => mqtt.topic(`long/topic/${end}`, { alias: true }))
      for (const payload of ["1", "2", "3"]) for (const topic of topics) expect(topic.publish(payload)).toBe(0)
      await until("long/topic/b 3")
      expect(events.slice(1)).toEqual(["1", "2", "3"].flatMap((n) => [`long/topic/a ${n}`, `long/topic/b ${n}`]))
    })

    test("No Local, and a shared subscription between two", async () => {
      const one = await online({ clientId: "one" })
      const two = await online({ clientId: "two" })
      one.mqtt.subscribe("own", () => one.events.push("own"), 1, { noLocal: true })
      for (const { mqtt, events } of [one, two])
        mqtt.subscribe("$share/g/job", (payload) => events.push(`job ${payload}`), 1)
      two.mqtt.subscribe("own", () => two.events.push("own"), 1)
      for (const { mqtt, events, until } of [one, two]) {
        mqtt.subscribe("ready", () => events.push("ready"), 1)
        mqtt.publish("ready", "", { qos: 1 })
        await until("ready")
      }
      one.mqtt.publish("own", "", { qos: 1 })
      for (let job = 0; job < 6; job++) one.mqtt.publish("job", `${job}`, { qos: 1 })
      const jobs = () => [...one.events, ...two.events].filter((event) => event.startsWith("job"))
      await eventually(
        () => jobs().length === 6 && two.events.includes("own"),
        () => JSON.stringify([one.events, two.events]),
      )
      expect(new Set(jobs()).size).toBe(6)
      expect(one.events.filter((event) => event.startsWith("job")).length).toBe(3)
      expect(one.events).not.toContain("own")
    })

    test("a session is kept for as long as was asked, and what came meanwhile arrives", async () => {
      const kept = await online({ clientId: "kept", keepSession: true }, { sessionExpiryS: 60 })
      kept.mqtt.subscribe("mail", (payload) => kept.events.push(payload), 2)
      kept.mqtt.publish("mail", "first", { qos: 2 })
      await kept.until("first")
      kept.mqtt.drop(10)
      const other = await online({ clientId: "other" })
      other.mqtt.publish("mail", "second", { qos: 2 })
      await kept.dial()
      await kept.until("second")
      expect(kept.events).toEqual(["up", "first", "down 10", "up resumed", "second"])
    })

    test("a request is answered", async () => {
      const asks = await online({ clientId: "asks" })
      const answers = await online({ clientId: "answers" })
      answers.mqtt.subscribe("double", (payload, _, packet) => void respond(answers.mqtt, packet, `${+payload * 2}`), 1)
      const asking = requester(asks.mqtt, hostClock, "answers/asks", 4, 1)
      answers.mqtt.subscribe("here", () => answers.events.push("here"), 1)
      answers.mqtt.publish("here", "", { qos: 1 })
      await answers.until("here")
      asking.send("double", "21", 5000, (error, payload) => asks.events.push(`${error} ${payload}`))
      await asks.until("0 42")
      expect(asking.pending()).toBe(0)
    })

    test("an id is assigned, and a client with a message too large for its maximum is not sent it", async () => {
      const small = await online({ clientId: "", maxPacketBytes: 200 })
      small.mqtt.subscribe("size", (payload) => small.events.push(`${payload.length}`), 1)
      const other = await online({ clientId: "sender" })
      small.mqtt.publish("size", "x", { qos: 1 })
      await small.until("1")
      for (const length of [500, 100]) other.mqtt.publish("size", "x".repeat(length), { qos: 1 })
      await small.until("100")
      expect(small.events).toEqual(["up", "1", "100"])
    })
  },
)
