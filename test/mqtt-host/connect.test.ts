import { afterEach, describe, expect, test } from "vitest"
import { DOWN_BY_US, E_FULL } from "../../src/mqtt/constants"
import { will } from "../../src/mqtt/will"
import { toBytes, toText } from "../../tools/mqtt/bytes"
import { connect, type Connection, type ConnectOptions } from "../../tools/mqtt/connect"
import { connack, packet, puback, publish } from "../mqtt/reference"
import { eventually } from "../vm/eventually"
import { CERT, Listener, type Kind, type Peer } from "./peer"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function listener(kind: Kind = "tcp"): Promise<Listener> {
  const made = await Listener.start(kind)
  closing.push(() => made.close())
  return made
}

const urlOf = ({ kind, address }: Listener, login = ""): string => {
  const scheme = { tcp: "mqtt", tls: "mqtts", ws: "ws", wss: "wss" }[kind]
  return `${scheme}://${login}127.0.0.1:${address.port}`
}

/** A connection, and what it tells. */
function open(urls: string | string[], options: Partial<ConnectOptions> = {}): { mqtt: Connection; told: string[] } {
  const told: string[] = []
  const mqtt = connect({
    urls,
    firstRetryMs: 50,
    onUp: (isResumed, url) => void told.push(`up ${url}${isResumed ? " resumed" : ""}`),
    onDown: (reason, why) => void told.push(`down ${reason} ${why}`),
    onTrouble: (code, about) => void told.push(`trouble ${code} ${about}`),
    ...options,
  })
  closing.push(() => mqtt.close(0))
  return { mqtt, told }
}

async function nth(of: Listener, number: number): Promise<Peer> {
  await eventually(() => of.peers.length >= number && of.peers[number - 1]!.received !== "", `connection ${number}`)
  return of.peers[number - 1]!
}

/** Accepts the `number`th connection; what was sent before is forgotten. */
async function accept(of: Listener, mqtt: Connection, number = 1): Promise<Peer> {
  const peer = await nth(of, number)
  peer.received = ""
  peer.send(connack())
  await eventually(() => mqtt.isOnline(), "the client to be online")
  return peer
}

describe("connect", () => {
  test.each([
    ["at least one URL", []],
    ["mqtt://, mqtts://, ws:// or wss://", "http://host"],
    ["mqtt://, mqtts://, ws:// or wss://", "host:1883"],
    ["mqtt://, mqtts://, ws:// or wss://", "mqtt://"],
    ["which only ws:// and wss:// take", "mqtt://host/path"],
    ["stands in the first URL", ["mqtt://a", "mqtt://u:p@b"]],
    ["same host and port", ["ws://a:1883/x", "mqtt://a"]],
  ])('throws on a mistake, with "%s": %j', (message, urls) => {
    expect(() => connect({ urls })).toThrow(message)
  })

  test("quotes no password when it throws", () => {
    expect(() => connect({ urls: "mqqt://user:hunter2@host" })).not.toThrow("hunter2")
    expect(() => connect({ urls: "mqtt://user:hunter2@host/path" })).not.toThrow("hunter2")
  })

  test.each([
    ["maxQueued is 12001: it must be a whole number from 1 to 12,000.", { maxQueued: 12_001 }],
    ["maxQueued is 0", { maxQueued: 0 }],
    ["maxInFlight is 1.5", { maxInFlight: 1.5 }],
    ["maxInFlight is NaN", { maxInFlight: NaN }],
    ["maxMessageBytes is -1", { maxMessageBytes: -1 }],
    ["maxPacketBytes is 127: it must be a whole number from 128 to 268,435,455.", { maxPacketBytes: 127 }],
    ["maxSubscriptions is 40000", { maxSubscriptions: 40_000 }],
    ["keepAliveS is 65536", { keepAliveS: 65_536 }],
    ["keepSession needs a clientId", { keepSession: true }],
    ["keepSession needs a clientId", { keepSession: true, clientId: "" }],
    ["The will has U+20AC", { will: will("gone", "5 €") }],
    ["The mqtt5 option has U+20AC", { mqtt5: { userProperties: [["price", "5 €"]] as const } }],
  ])("throws with '%s'", (message, options) => {
    expect(() => connect({ urls: "mqtt://host", ...options })).toThrow(message)
  })

  test("takes what is at the end of each range", async () => {
    const server = await listener()
    const { mqtt } = open(urlOf(server), { maxQueued: 12_000, maxInFlight: 65_535, maxPacketBytes: 128 })
    await accept(server, mqtt)
    expect(mqtt.isOnline()).toBe(true)
  })

  test("keeps 12,000 messages in the order in which they were published", async () => {
    const server = await listener()
    const { mqtt } = open(urlOf(server), { maxQueued: 12_000, maxInFlight: 65_535 })
    const wanted: string[] = []
    for (let number = 1; number <= 12_000; number++) {
      expect(mqtt.publish("t", `${number}`, { qos: 1 })).toBe(1)
      wanted.push(publish({ topic: "t", payload: `${number}`, qos: 1, messageId: number }))
    }
    const peer = await accept(server, mqtt)
    const bytes = wanted.join("")
    await eventually(() => peer.received.length >= bytes.length, "all messages")
    expect(peer.received === bytes).toBe(true)
  })

  test("refuses characters that are no bytes wherever a byte string goes in, and says which and what to do", () => {
    const { mqtt } = open("mqtt://127.0.0.1:1", { version: 5 })
    const options = { properties: { contentType: "€" } }
    const calls: [string, () => unknown][] = [
      ["payload", () => mqtt.publish("t", "5 €")],
      ["topic", () => mqtt.publish("€", "5")],
      ["property", () => mqtt.publish("t", "5", options)],
      ["topic", () => mqtt.topic("€")],
      ["property", () => mqtt.topic("t", options)],
      ["payload", () => mqtt.topic("t").publish("5 €")],
      ["filter", () => mqtt.subscribe("€/#", () => undefined)],
      ["property", () => mqtt.subscribe("t", () => undefined, 0, { userProperties: [["€", "5"]] })],
      ["filter", () => mqtt.unsubscribe("€/#")],
      ["payload", () => mqtt.client.publish("t", "5 €")],
    ]
    for (const [what, call] of calls)
      expect(call).toThrow(`The ${what} has U+20AC, which is no byte: toBytes makes bytes of a text.`)
    expect(mqtt.publish("t", toBytes("5 €"), { qos: 1 })).toBe(1)
  })

  test.each(["tcp", "tls", "ws", "wss"] as const)("reaches a broker over %s", async (kind) => {
    const server = await listener(kind)
    const { mqtt, told } = open(urlOf(server), { clientId: "me", keepAliveS: 20, tls: { ca: CERT } })
    expect((await nth(server, 1)).received).toBe(
      packet({ cmd: "connect", clientId: "me", keepalive: 20, clean: true, protocolVersion: 4 }),
    )
    await accept(server, mqtt)
    expect(told).toEqual([`up ${urlOf(server)}`])
  })

  test("asks for what the options say, with texts as UTF-8 and the login of the URL decoded", async () => {
    const server = await listener()
    const last = will("gone", "yes", 1, true)
    open(urlOf(server, "j%C3%B6rg:p%40ss@"), { clientId: "ü", keepSession: true, will: last })
    expect((await nth(server, 1)).received).toBe(
      packet({
        cmd: "connect",
        clientId: "ü",
        keepalive: 60,
        clean: false,
        protocolVersion: 4,
        username: "jörg",
        password: Buffer.from("p@ss"),
        will: { topic: "gone", payload: Buffer.from("yes"), qos: 1, retain: true },
      }),
    )
  })

  test("speaks MQTT 5 when it is told so, or given options that only MQTT 5 has", async () => {
    for (const options of [{ version: 5 }, { mqtt5: { sessionExpiryS: 7 } }] as const) {
      const server = await listener()
      open(urlOf(server), options)
      expect((await nth(server, 1)).received.slice(4, 9)).toBe("MQTT\x05")
    }
  })

  test("makes up a client id that nobody else has", async () => {
    const server = await listener()
    open(urlOf(server))
    open(urlOf(server))
    const ids = [(await nth(server, 1)).received, (await nth(server, 2)).received].map((bytes) => bytes.slice(14))
    expect(ids[0]).toMatch(/^motewire-[0-9a-f]{12}$/)
    expect(ids[0]).not.toBe(ids[1])
  })

  test("goes to the next URL when one is not reached, says why, and takes the login along but tells nobody", async () => {
    const gone = await listener()
    const server = await listener()
    const first = urlOf(gone, "user:secret-word@")
    gone.close()
    const { mqtt, told } = open([first, urlOf(server)])
    expect((await nth(server, 1)).received).toContain("secret-word")
    await accept(server, mqtt)
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(/^down 6 mqtt:\/\/127\.0\.0\.1:\d+: .*ECONNREFUSED/)
    expect(told[1]).toBe(`up ${urlOf(server)}`)
    expect(told.join()).not.toMatch(/user|secret-word/)
  })

  test("comes back when the broker closes, and delivers what was published meanwhile", async () => {
    const server = await listener()
    const { mqtt, told } = open(urlOf(server))
    const peer = await accept(server, mqtt)
    peer.end()
    await eventually(() => !mqtt.isOnline(), "the client to notice")
    expect(mqtt.publish("t", "x", { qos: 1 })).toBe(1)
    const next = await accept(server, mqtt, 2)
    await eventually(() => next.received !== "", "the message")
    expect(next.received).toBe(publish({ topic: "t", payload: "x", qos: 1, messageId: 1 }))
    expect(told.map((line) => line.split(" ")[0])).toEqual(["up", "down", "up"])
  })

  test("follows a broker of MQTT 5 that names another one, over the same kind of transport", async () => {
    const [old, other] = [await listener("ws"), await listener("ws")]
    const { mqtt, told } = open(urlOf(old), { version: 5 })
    const reference = `127.0.0.1:${other.address.port}`
    const property = `\x1c\0${String.fromCharCode(reference.length)}${reference}`
    const body = `\0\x9c${String.fromCharCode(property.length)}${property}`
    ;(await nth(old, 1)).send(`\x20${String.fromCharCode(body.length)}${body}`)
    ;(await nth(other, 1)).send("\x20\x03\0\0\0")
    await eventually(() => mqtt.isOnline(), "the client to be online")
    expect(told[0]).toMatch(/^down 156 /)
    expect(told[1]).toBe(`up ${reference}`)
  })

  test("tells of a broker that is named in a way nobody can read, as the broker's fault", async () => {
    const server = await listener()
    const { told } = open(urlOf(server), { version: 5 })
    ;(await nth(server, 1)).send("\x20\x09\0\x9c\x06\x1c\0\x03a/b")
    await eventually(() => told.length >= 2, "what it tells")
    const [trouble] = told.filter((line) => line.startsWith("trouble"))
    expect(trouble).toBe('trouble 130 Server Reference: no broker: "a/b"')
    expect(told.find((line) => line.startsWith("down 156"))).toContain("With brokers the client follows")
  })

  test("has no more on their way than the lower of maxInFlight and what a broker of MQTT 5 takes", async () => {
    for (const [announced, maxInFlight] of [
      [1, 3],
      [3, 1],
    ] as const) {
      const server = await listener()
      const { mqtt } = open(urlOf(server), { version: 5, maxInFlight })
      for (const payload of ["a", "b", "c"]) mqtt.publish("t", payload, { qos: 1 })
      const peer = await nth(server, 1)
      peer.received = ""
      peer.send(`\x20\x06\0\0\x03\x21\0${String.fromCharCode(announced)}`)
      const message = (id: number) => `\x32\x07\0\x01t\0${String.fromCharCode(id)}\0${" abc"[id]}`
      await eventually(() => peer.received.length >= message(1).length, "the first")
      peer.send(puback(1))
      await eventually(() => peer.received.length >= 2 * message(1).length, "the second")
      expect(peer.received).toBe(message(1) + message(2))
    }
  })

  test("has no more messages on their way than maxInFlight, and holds no more than maxQueued", async () => {
    const server = await listener()
    const { mqtt } = open(urlOf(server), { maxInFlight: 2, maxQueued: 4 })
    const peer = await accept(server, mqtt)
    const results = [1, 2, 3, 4, 5].map((number) => mqtt.publish("t", `${number}`, { qos: 1 }))
    expect(results).toEqual([1, 1, 1, 1, E_FULL])
    const sent = (...ids: number[]) =>
      ids.map((id) => publish({ topic: "t", payload: `${id}`, qos: 1, messageId: id })).join("")
    await eventually(() => peer.received.length >= sent(1, 2).length, "two messages")
    // What is sent at once was sent by now: a ping would overtake nothing.
    peer.send(puback(1))
    await eventually(() => peer.received.length >= sent(1, 2, 3).length, "a third")
    expect([peer.received, mqtt.pending()]).toEqual([sent(1, 2, 3), 3])
  })
})

describe("close", () => {
  test("waits for acknowledgements, says goodbye, and stays away", async () => {
    const server = await listener()
    const { mqtt, told } = open(urlOf(server))
    const peer = await accept(server, mqtt)
    mqtt.publish("t", "x", { qos: 1 })
    const closed = mqtt.close()
    await eventually(() => peer.received !== "", "the message")
    expect(mqtt.isOnline()).toBe(true)
    peer.send(puback(1))
    expect(await closed).toBe(0)
    await eventually(() => peer.isClosed, "the end")
    expect(peer.received.slice(-2)).toBe("\xe0\0")
    expect(told.at(-1)).toMatch(new RegExp(`^down ${DOWN_BY_US} `))
    expect(server.peers).toHaveLength(1)
  })

  test("resolves with the number of messages that nobody acknowledged in time", async () => {
    const server = await listener()
    const { mqtt } = open(urlOf(server))
    await accept(server, mqtt)
    for (const payload of ["a", "b"]) mqtt.publish("t", payload, { qos: 2 })
    expect(await mqtt.close(30)).toBe(2)
    expect(await mqtt.close(0)).toBe(2)
  })

  test("before the first attempt means that there is none", async () => {
    const server = await listener()
    const { mqtt, told } = open(urlOf(server))
    expect(await mqtt.close()).toBe(0)
    // Another one that was made later is there.
    open(urlOf(server))
    await nth(server, 1)
    expect([server.peers.length, told]).toEqual([1, []])
  })
})

test("text is made bytes and text again, and bytes that are no text become U+FFFD", () => {
  expect(toBytes("grün €")).toBe("gr\xc3\xbcn \xe2\x82\xac")
  expect(toText(toBytes("grün € 🙂"))).toBe("grün € 🙂")
  expect(toText("\xff")).toBe("\ufffd")
})
