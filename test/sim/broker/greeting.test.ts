import { describe, expect, test } from "vitest"
import { DEFAULT_CAPABILITIES } from "../../../sim/broker/capabilities"
import { bench } from "./peer"

/** CONNECT of a level, clean, id "a". */
const connect = (level: number, name = "MQTT") => {
  const body = [0, name.length, ...Buffer.from(name), level, 2, 0, 0, ...(level >= 5 ? [0] : []), 0, 1, 97]
  return [0x10, body.length, ...body]
}

describe("protocol levels", () => {
  test("[MQTT-3.1.2-2] levels that 3.1.1 has words for get return code 1, later ones 5.0's 0x84", () => {
    const answers = [3, 6, 127].map((level) => table().peer(false).raw(connect(level)).written[0])
    expect(answers.map((bytes) => bytes.toString("hex"))).toEqual(["20020001", "2003008400", "2003008400"])
    expect(table().peer(false).raw(connect(3, "MQIsdp")).written[0].toString("hex")).toBe("20020001")
  })

  test("a broker of 3.1.1 alone answers a 5.0 client in 3.1.1, and the other way round it says so too", () => {
    const old = table({ protocolLevels: [4] })
      .peer(false)
      .raw(connect(5))
    expect([old.written[0].toString("hex"), old.isClosed]).toEqual(["20020001", true])
    const modern = table({ protocolLevels: [5] })
      .peer(false)
      .raw(connect(4))
    expect([modern.written[0].toString("hex"), modern.isClosed]).toEqual(["20020001", true])
  })

  test("[MQTT-3.1.2-1] another protocol's name closes without an answer", () => {
    const peer = table().peer(false).raw(connect(4, "HTTP"))
    expect([peer.written, peer.isClosed]).toEqual([[], true])
  })
})

describe("CONNACK of 5.0", () => {
  test("announces nothing but the alias maximum when all is as the standard's defaults", () => {
    const peer = table().five()
    expect([peer.said, peer.properties]).toEqual([["connack 0"], { topicAliasMaximum: 10 }])
  })

  test("announces each limit that differs", () => {
    const peer = table({
      ...{ maximumQos: 1, retainAvailable: false, receiveMaximum: 5, maximumPacketSize: 1000, topicAliasMaximum: 0 },
      ...{ serverKeepAliveS: 7, wildcards: false, sharedSubscriptions: false, subscriptionIds: false },
    }).five()
    expect(peer.properties).toEqual({
      maximumQoS: 1,
      retainAvailable: false,
      receiveMaximum: 5,
      maximumPacketSize: 1000,
      serverKeepAlive: 7,
      wildcardSubscriptionAvailable: false,
      sharedSubscriptionAvailable: false,
      subscriptionIdentifiersAvailable: false,
    })
  })

  test("[MQTT-3.2.2-16] an id is assigned to a client without one, for a kept session too", () => {
    const bench = table()
    // The library writes no such CONNECT without a clean start: level 5, session expiry 60 s, no id
    const bytes = Buffer.from("1012 0004 4d515454 05 00 0000 05 110000003c 0000".replace(/ /g, ""), "hex")
    const peer = bench.peer(false).raw(bytes)
    expect(peer.written[0].toString("latin1")).toContain("\x12\0\x06auto-1")
    peer.vanish()
    expect(bench.five({ clientId: "auto-1" }).said).toEqual(["connack 0 present"])
  })

  test("a session expiry above what is granted is told the granted one", () => {
    const peer = table({ sessionExpiryMaximumS: 60 }).five({ properties: { sessionExpiryInterval: 100 } })
    expect(peer.properties.sessionExpiryInterval).toBe(60)
  })

  test("[MQTT-3.1.2-28] response information only for who asks", () => {
    const bench = table({ responseInformation: "answers/" })
    expect(bench.five().properties.responseInformation).toBeUndefined()
    const asking = bench.five({ properties: { requestResponseInformation: true } })
    expect(asking.properties.responseInformation).toBe("answers/")
  })
})

describe("refusals", () => {
  test.each([
    [1, 0x84],
    [2, 0x85],
    [3, 0x88],
    [4, 0x86],
    [5, 0x87],
    [0x89, 0x89],
  ])("return code %i is reason code %i to a 5.0 client", (returnCode, reason) => {
    const bench = table()
    bench.broker.returnCode = returnCode
    const peer = bench.five()
    expect([peer.said, peer.isClosed]).toEqual([[`connack 0x${reason.toString(16)}`], true])
  })

  test("a 3.1.1 client is told what comes nearest: 3 to try elsewhere or later, else 5", () => {
    const bench = table()
    const codes = [0x8a, 0x89, 0x9c, 0x9d, 0x97].map((code) => {
      bench.broker.returnCode = code
      return bench.peer().said
    })
    expect(codes.flat()).toEqual(["connack 5", "connack 3", "connack 3", "connack 3", "connack 3"])
  })

  test("a wrong password is 0x86; 5.0 takes a password without a user", () => {
    const bench = table()
    bench.broker.credentials = { user: "u", password: "p" }
    expect(bench.five({ username: "u", password: Buffer.from("x") }).said).toEqual(["connack 0x86"])
    expect(bench.five({ username: "u", password: Buffer.from("p") }).said).toEqual(["connack 0"])
    const bytes = [0x10, 17, 0, 4, 77, 81, 84, 84, 5, 0x42, 0, 0, 0, 0, 1, 97, 0, 1, 112]
    const alone = table().peer(false).raw(bytes)
    expect(alone.written[0].toString("hex").slice(0, 2)).toBe("20")
    expect(alone.isClosed).toBe(false)
  })

  test("[MQTT-3.2.2-12, -13] a will beyond what is supported", () => {
    const will = { topic: "w", payload: "", qos: 2, retain: true } as const
    expect(table({ maximumQos: 1 }).five({ will }).said).toEqual(["connack 0x9b"])
    expect(table({ retainAvailable: false }).five({ will }).said).toEqual(["connack 0x9a"])
  })

  test("a will to a wildcard: 0x82, and 3.1.1 is closed", () => {
    const will = { topic: "w/#", payload: "" }
    expect(table().five({ will }).said).toEqual(["connack 0x82"])
    expect(table().peer({ will }).said).toEqual([])
  })

  test("authentication data without a method is a protocol error", () => {
    expect(table().five({ properties: { authenticationData: Buffer.from("x") } }).said).toEqual(["connack 0x82"])
  })

  test("the house's own policy decides by id, user, password and address, and gives its reason", () => {
    const seen: unknown[] = []
    const bench = benchWith({
      connect(request) {
        seen.push(request)
        return request.clientId === "bad" ? { code: 0x8a, reason: "banned" } : undefined
      },
    })
    const bad = bench.five({ clientId: "bad", username: "u", password: Buffer.from("\xff", "latin1") })
    expect([bad.said, bad.properties]).toEqual([["connack 0x8a"], { reasonString: "banned" }])
    expect(bench.five({ clientId: "good" }).said).toEqual(["connack 0"])
    expect(seen[0]).toEqual({ clientId: "bad", protocolLevel: 5, username: "u", password: "\xff", peer: "peer" })
  })
})

test("options are defaults with changes, and the defaults stay as published", () => {
  const { broker } = table({ receiveMaximum: 3 })
  expect(broker.capabilities).toEqual({ ...DEFAULT_CAPABILITIES, receiveMaximum: 3 })
  expect(DEFAULT_CAPABILITIES.receiveMaximum).toBe(65_535)
})

function table(capabilities = {}) {
  return bench({ capabilities })
}

function benchWith(policy: NonNullable<Parameters<typeof bench>[0]>["policy"]) {
  return bench({ policy })
}
