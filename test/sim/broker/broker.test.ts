import { beforeEach, describe, expect, test } from "vitest"
import { bench } from "./peer"

let table: ReturnType<typeof bench>
beforeEach(() => (table = bench()))

describe("connecting", () => {
  test("is accepted; a clean session starts empty, a kept one is said to be present", () => {
    expect(table.peer().said).toEqual(["connack 0"])
    table.peer({ clientId: "kept", clean: false }).vanish()
    expect(table.peer({ clientId: "kept", clean: false }).said).toEqual(["connack 0 present"])
    expect(table.peer({ clientId: "kept", clean: true }).said).toEqual(["connack 0"])
    expect(table.peer({ clientId: "kept", clean: false }).said).toEqual(["connack 0"])
  })

  test.each([1, 2, 3, 4, 5])("is refused with return code %i when told to", (code) => {
    table.broker.returnCode = code
    const peer = table.peer()
    expect([peer.said, peer.isClosed, table.broker.clients.size]).toEqual([[`connack ${code}`], true, 0])
  })

  test("user and password are checked when there are any", () => {
    table.broker.credentials = { user: "u", password: "p" }
    expect(table.peer({ username: "u", password: Buffer.from("wrong") }).said).toEqual(["connack 4"])
    expect(table.peer().said).toEqual(["connack 4"])
    expect(table.peer({ username: "u", password: Buffer.from("p") }).said).toEqual(["connack 0"])
  })

  test("[MQTT-3.1.3-8] an empty id needs a clean session, and gets an id of its own", () => {
    const kept = table.peer(false).raw([0x10, 12, 0, 4, 77, 81, 84, 84, 4, 0, 0, 0, 0, 0])
    expect([kept.said, kept.isClosed]).toEqual([["connack 2"], true])
    table.peer({ clientId: "" })
    expect([...table.broker.clients.keys()]).toEqual(["auto-2"])
  })

  test("[MQTT-3.1.4-2] the same id takes over", () => {
    const first = table.peer()
    const second = table.peer()
    expect([first.isClosed, second.isClosed, table.broker.clients.size]).toEqual([true, false, 1])
    expect(table.reasons()).toEqual(["taken over by a new connection"])
  })

  test("no CONNECT within 30 s", () => {
    const peer = table.peer(false)
    table.clock.advance(30_000_000)
    expect([peer.isClosed, table.reasons()]).toEqual([true, ["no CONNECT within 30 s"]])
  })
})

describe("keep-alive, in house time", () => {
  test("[MQTT-3.1.2-24] silence of one and a half times the keep-alive closes", () => {
    const peer = table.peer({ keepalive: 10 })
    table.clock.advance(14_999_999)
    expect(peer.isClosed).toBe(false)
    table.clock.advance(1)
    expect([peer.isClosed, table.reasons()]).toEqual([true, ["keep-alive expired"]])
  })

  test("any packet counts, and 0 means never", () => {
    const alive = table.peer({ keepalive: 10 })
    const forever = table.peer({ clientId: "forever", keepalive: 0 })
    for (let i = 0; i < 10; i++) {
      table.clock.advance(14_000_000)
      alive.send({ cmd: "pingreq" })
    }
    expect([alive.isClosed, forever.isClosed]).toEqual([false, false])
    expect(alive.said.filter((text) => text === "pingresp")).toHaveLength(10)
  })
})

describe("wills", () => {
  const will = { topic: "status", payload: Buffer.from("gone"), qos: 1 as const, retain: true }

  test("are published when the connection breaks or falls silent, and not after DISCONNECT", () => {
    const watcher = table.peer({ clientId: "watcher" }).subscribe("status", 1)
    table.peer({ clientId: "a", will }).vanish()
    table.peer({ clientId: "b", will, keepalive: 10 })
    table.clock.advance(20_000_000)
    table.peer({ clientId: "c", will }).send({ cmd: "disconnect" })
    expect(watcher.said.slice(2)).toEqual(["publish status q1 #1 gone", "publish status q1 #2 gone"])
    expect(table.broker.messages.map((message) => [message.from, message.atUs])).toEqual([
      ["a", 0],
      ["b", 15_000_000],
    ])
    expect(table.broker.retained.get("status")!.payload).toBe("gone")
  })

  test("are published on takeover, and when the broker drops a client for a fault", () => {
    table.peer({ will })
    table.peer()
    table.peer({ clientId: "faulty", will }).raw([0xf0, 0])
    expect(table.broker.messages.map((message) => message.from)).toEqual(["peer", "faulty"])
  })
})

describe("delivery", () => {
  test.each([
    [0, 2, "q0"],
    [1, 0, "q0"],
    [1, 1, "q1 #1"],
    [2, 1, "q1 #1"],
    [2, 2, "q2 #1"],
  ] as const)("published at %i and subscribed at %i arrives as %s", (published, subscribed, arrives) => {
    const peer = table.peer().subscribe("t", subscribed)
    table.peer({ clientId: "sender" }).publish("t", "x", { qos: published }).send({ cmd: "pubrel", messageId: 5 })
    expect(peer.said.at(-1)).toBe(`publish t ${arrives} x`)
  })

  test("QoS 1 is acknowledged; unacknowledged messages come again after reconnect, in order, with DUP", () => {
    const sender = table.peer({ clientId: "sender" })
    const peer = table.peer({ clean: false }).subscribe("t", 1)
    sender.publish("t", "one", { qos: 1, messageId: 9 }).publish("t", "two", { qos: 1, messageId: 10 })
    expect(sender.said).toEqual(["connack 0", "puback #9", "puback #10"])
    peer.send({ cmd: "puback", messageId: 1 }).vanish()
    sender.publish("t", "three", { qos: 1 }).publish("t", "lost", { qos: 0 })
    expect(table.peer({ clean: false }).said).toEqual([
      "connack 0 present",
      "publish t q1 #2 dup two",
      "publish t q1 #3 three",
    ])
  })

  test("QoS 2 from a client: the same id again is not routed again, until PUBREL", () => {
    const peer = table.peer({ clientId: "listener" }).subscribe("t", 0)
    const sender = table.peer({ clientId: "sender", clean: false }).publish("t", "x", { qos: 2 })
    sender.vanish()
    const again = table.peer({ clientId: "sender", clean: false }).publish("t", "x", { qos: 2, dup: true })
    again.send({ cmd: "pubrel", messageId: 5 }).publish("t", "y", { qos: 2 })
    expect(again.said.slice(1)).toEqual(["pubrec #5", "pubcomp #5", "pubrec #5"])
    expect(peer.said.slice(2)).toEqual(["publish t q0 x", "publish t q0 y"])
  })

  test("QoS 2 to a client: PUBREL after PUBREC, and PUBREL again on resume", () => {
    const peer = table.peer({ clean: false }).subscribe("t", 2)
    table.broker.publish("t", "x", { qos: 2 })
    peer.send({ cmd: "pubrec", messageId: 1 }).vanish()
    const resumed = table.peer({ clean: false })
    expect(resumed.said).toEqual(["connack 0 present", "pubrel #1"])
    resumed.send({ cmd: "pubcomp", messageId: 1 }).vanish()
    expect(table.peer({ clean: false }).said).toEqual(["connack 0 present"])
  })

  test("acknowledgements of unknown ids are answered and otherwise ignored", () => {
    const peer = table
      .peer()
      .send({ cmd: "puback", messageId: 3 })
      .send({ cmd: "pubrec", messageId: 4 })
      .send({ cmd: "pubrel", messageId: 6 })
    expect([peer.said.slice(1), peer.isClosed]).toEqual([["pubrel #4", "pubcomp #6"], false])
  })

  test("overlapping filters give one copy at the highest QoS", () => {
    const peer = table.peer().subscribe("a/#", 0).subscribe("a/+", 1)
    table.broker.publish("a/b", "x", { qos: 1 })
    expect(peer.said.slice(3)).toEqual(["publish a/b q1 #1 x"])
  })

  test("a client hears itself, and nothing after UNSUBSCRIBE", () => {
    const peer = table.peer().subscribe("t").publish("t", "1")
    peer.send({ cmd: "unsubscribe", messageId: 8, unsubscriptions: ["t"] }).publish("t", "2")
    expect(peer.said.slice(2)).toEqual(["publish t q0 1", "unsuback #8"])
  })

  test("payloads are bytes", () => {
    table.peer().send({
      cmd: "publish",
      topic: "t",
      payload: Buffer.from([0, 255, 0xc2, 0xb0]),
      qos: 0,
      retain: false,
      dup: false,
    })
    expect(table.broker.messages[0].payload).toBe("\0\xff\xc2\xb0")
    table.broker.publish("t", "°")
    expect(table.broker.messages[1].payload).toBe("\xc2\xb0")
  })
})

describe("retained messages", () => {
  test("the newest goes to a new subscriber with the flag set; an empty one forgets", () => {
    table
      .peer({ clientId: "sender" })
      .publish("a/b", "old", { retain: true })
      .publish("a/b", "new", { retain: true })
      .publish("a/c", "other", { retain: true })
    expect(table.peer().subscribe("a/+").said.slice(2)).toEqual([
      "publish a/b q0 retain new",
      "publish a/c q0 retain other",
    ])
    table.broker.publish("a/b", "", { retain: true })
    expect(table.peer().subscribe("a/b").said).toHaveLength(2)
  })

  test("a subscriber that is there hears it without the flag", () => {
    const peer = table.peer().subscribe("t")
    table.broker.publish("t", "x", { retain: true })
    expect(peer.said.at(-1)).toBe("publish t q0 x")
  })
})

describe("subscribing", () => {
  test("an invalid or forbidden filter gets 0x80, the others their QoS", () => {
    table.broker.refusedFilters.add("secret")
    const peer = table.peer()
    peer.send({
      cmd: "subscribe",
      messageId: 1,
      subscriptions: ["a/#/b", "ok", "secret"].map((topic) => ({ topic, qos: 1 })),
    })
    expect(peer.said.at(-1)).toBe("suback 128,1,128")
  })
})

describe("malformed input closes with a reason", () => {
  test.each([
    ["nonsense before CONNECT", false, [0xc0, 0], "pingreq out of order"],
    ["a second CONNECT", true, [0x10, 0x0d, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 1, 97], "connect out of order"],
    ["a packet type of 15", true, [0xf0, 0], /malformed|auth/],
    ["a fifth length byte", true, [0x30, 0xff, 0xff, 0xff, 0xff, 1], /malformed/],
    ["a wildcard in a published topic", true, [0x30, 5, 0, 2, 97, 43, 120], 'PUBLISH to "a+"'],
    ["an empty topic", true, [0x30, 3, 0, 0, 120], 'PUBLISH to ""'],
    ["QoS 3", true, [0x36, 5, 0, 1, 97, 0, 1], /malformed/],
    ["CONNACK from a client", true, [0x20, 2, 0, 0], "connack from a client"],
  ] as const)("%s", (_, isConnected, bytes, reason) => {
    const peer = table.peer(isConnected ? {} : false).raw([...bytes])
    expect(peer.isClosed).toBe(true)
    expect(table.reasons()).toEqual([typeof reason === "string" ? reason : expect.stringMatching(reason)])
    peer.raw([0xc0, 0]) // and what follows is not read
  })

  test("packets split at every byte are the same packets", () => {
    const peer = table.peer().subscribe("t")
    for (const byte of [0x30, 4, 0, 1, 116, 120]) peer.raw([byte])
    expect(peer.said.at(-1)).toBe("publish t q0 x")
  })
})

describe("stop and start", () => {
  test("closes everybody, forgets nothing, or everything", () => {
    const peer = table.peer({ clean: false }).subscribe("t", 1)
    table.broker.publish("r", "kept", { retain: true })
    table.broker.stop()
    expect([peer.isClosed, table.broker.isRunning]).toEqual([true, false])
    table.broker.publish("t", "while away", { qos: 1 })
    table.broker.start()
    expect(table.peer({ clean: false }).said).toEqual(["connack 0 present", "publish t q1 #1 while away"])
    table.broker.stop({ forget: true })
    table.broker.start()
    expect(table.peer({ clean: false }).said).toEqual(["connack 0"])
    expect(table.broker.retained.size).toBe(0)
  })
})

test("listeners hear each message until they stop; publishing to a wildcard is refused", () => {
  const heard: string[] = []
  const stop = table.broker.onMessage((message) => heard.push(message.topic))
  table.broker.publish("a", "1")
  stop()
  table.broker.publish("b", "2")
  expect(heard).toEqual(["a"])
  expect(() => table.broker.publish("a/#", "x")).toThrow(/no topic to publish to/)
})

test("sendRaw puts any bytes on a client's wire, and names the clients when there is none", () => {
  const bytes: Buffer[] = []
  table.broker
    .accept({ peer: "p", write: (out) => bytes.push(out), close: () => undefined })
    .receive(Buffer.from([0x10, 13, 0, 4, 77, 81, 84, 84, 4, 2, 0, 0, 0, 1, 97]))
  table.broker.sendRaw("a", "\xff\x00")
  expect([...bytes.at(-1)!]).toEqual([255, 0])
  expect(() => table.broker.sendRaw("b", "x")).toThrow('no client "b" is connected; there are: a')
})
