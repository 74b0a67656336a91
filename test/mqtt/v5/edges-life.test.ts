import { describe, expect, test } from "vitest"
import type { Authenticator } from "../../../src/mqtt/v5/mqtt5"
import { hex, toHex } from "../../fakes/bytes"
import { Bench5, bench5, connack5, goodbye, packet5, publish5 } from "./reference"

describe("edge 40: server DISCONNECT", () => {
  test.each([0x8e, 0x8b, 0x9c, 0x9d])(
    "reason code %d is reported once, with words and reference, and nothing is dialled",
    (reasonCode) => {
      const bench = bench5()
      const properties = { reasonString: "elsewhere", serverReference: "b:1883" }
      expect(bench.answer(packet5({ cmd: "disconnect", reasonCode, properties }))).toBe("")
      expect(bench.seen()).toEqual([`down ${reasonCode}`])
      expect([bench.five.reasonString, bench.five.serverReference]).toEqual(["elsewhere", "b:1883"])
      expect(bench.socket.isEnded).toBe(true)
      bench.clock.advance(3_600_000)
      bench.network.finish()
    },
  )

  test("reference and words of an earlier connection are gone with the next CONNACK", () => {
    const bench = bench5()
    bench.answer(
      packet5({ cmd: "disconnect", reasonCode: 0x9c, properties: { reasonString: "r", serverReference: "b" } }),
    )
    bench.welcome()
    expect([bench.five.reasonString, bench.five.serverReference]).toEqual([undefined, undefined])
  })

  test("words of an earlier answer are not those of the next", () => {
    const bench = bench5()
    bench.answer(packet5({ cmd: "puback", messageId: 9, reasonCode: 0x87, properties: { reasonString: "r" } }))
    expect(bench.five.reasonString).toBe("r")
    bench.answer(hex("40 03 00 09 87"))
    expect(bench.five.reasonString).toBeUndefined()
  })
})

describe("edge 41: nothing after DISCONNECT", () => {
  test("goodbye with and without a reason and a session expiry", () => {
    for (const [reason, sessionExpiryS, bytes] of [
      [undefined, undefined, "e0 02 00 00"],
      [0x04, undefined, "e0 02 04 00"],
      [0x00, 100, "e0 07 00 05 11 00 00 00 64"],
    ] as const) {
      const bench = bench5()
      bench.five.disconnect(reason, sessionExpiryS)
      expect(bench.socket.sent()).toBe(bytes)
      expect(bench.seen()).toEqual(["down 11"])
      expect(bench.mqtt.publish("t", "x")).toBe(-1)
      bench.five.reauthenticate()
      bench.five.disconnect()
      bench.network.finish()
    }
  })

  test("packets behind the one that ended the connection are not looked at", () => {
    const bench = bench5()
    bench.listen("t")
    bench.socket.sent()
    expect(bench.answer(hex("e0 01 8b") + publish5({ qos: 1 }))).toBe("")
    expect(bench.seen()).toEqual(["down 139"])
  })
})

/** Says what it is told to, and writes down what it is asked. */
class Script implements Authenticator {
  readonly authMethod = "SCRIPT"
  readonly asked: string[] = []

  constructor(
    private readonly answers: (string | undefined)[] = [],
    private readonly trusts = true,
  ) {}

  firstData = () => "first"

  answerTo(challenge: string) {
    this.asked.push(challenge)
    return this.answers.shift()
  }

  isProof(data: string) {
    this.asked.push(`proof ${data}`)
    return this.trusts
  }
}

describe("edge 42: AUTH only with a method [MQTT-4.12.0-7]", () => {
  const auth = (reasonCode: number, data?: string, authenticationMethod = "SCRIPT") =>
    packet5({
      cmd: "auth",
      reasonCode,
      properties: {
        authenticationMethod,
        ...(data !== undefined && { authenticationData: Buffer.from(data, "latin1") }),
      },
    })
  const proof = (data: string) =>
    connack5({ authenticationMethod: "SCRIPT", authenticationData: Buffer.from(data, "latin1") })
  const dialled = (authenticator: Script) => {
    const bench = new Bench5({ options5: { authenticator } })
    bench.network.allow()
    bench.mqtt.open("10.0.0.2", 1883)
    return bench
  }

  test.each([
    ["a challenge", auth(0x18)],
    ["a success", auth(0x00)],
    ["a re-authentication", auth(0x19)],
  ])("%s for a client that named none ends the connection", (_, bytes) => {
    const bench = bench5()
    expect(bench.answer(bytes)).toBe(goodbye(0x81))
    expect(bench.seen()).toEqual(["down 9"])
  })

  test("CONNECT names the method and has the first data", () => {
    const [connect] = dialled(new Script()).packets()
    expect(connect).toMatchObject({
      properties: { authenticationMethod: "SCRIPT", authenticationData: Buffer.from("first") },
    })
  })

  test("challenges are answered until CONNACK, whose proof is looked at", () => {
    const script = new Script(["one", "\0\xff"])
    const bench = dialled(script)
    bench.socket.sent()
    expect(bench.answer(auth(0x18, "c1"))).toBe(toHex(auth(0x18, "one")))
    expect(bench.answer(auth(0x18, "\x80"))).toBe(toHex(auth(0x18, "\0\xff")))
    bench.answer(proof("p"))
    expect(script.asked).toEqual(["c1", "\x80", "proof p"])
    expect(bench.seen()).toEqual(["up"])
  })

  test("a challenge that is not to be trusted ends it with 0x8C", () => {
    const bench = dialled(new Script([undefined]))
    bench.socket.sent()
    expect(bench.answer(auth(0x18, "c"))).toBe(goodbye(0x8c))
    expect(bench.seen()).toEqual(["down 140"])
  })

  test("a CONNACK without proof, or with a wrong one, is no connection", () => {
    for (const bytes of [proof("wrong"), connack5()]) {
      const bench = dialled(new Script([], false))
      bench.socket.sent()
      bench.answer(bytes)
      expect([bench.seen(), bench.mqtt.isOnline()]).toEqual([["down 140"], false])
    }
  })

  test.each([
    ["another method [MQTT-4.12.0-5]", auth(0x18, "c", "OTHER")],
    ["no method", hex("f0 02 18 00")],
    ["no method and no properties", hex("f0 01 18")],
  ])("AUTH with %s ends the connection", (_, bytes) => {
    const bench = dialled(new Script(["a"]))
    bench.socket.sent()
    bench.answer(bytes)
    expect(bench.seen()).toEqual(["down 9"])
  })

  test("re-authentication: on the live connection, which goes on meanwhile [MQTT-4.12.1-1]", () => {
    const script = new Script(["again"])
    const bench = dialled(script)
    bench.five.reauthenticate()
    bench.packets()
    bench.answer(proof("p"))
    bench.five.reauthenticate()
    expect(bench.socket.sent()).toBe(toHex(auth(0x19, "first")))
    bench.mqtt.publish("t", "x")
    expect(bench.packets()).toHaveLength(1)
    expect(bench.answer(auth(0x18, "c"))).toBe(toHex(auth(0x18, "again")))
    expect(bench.answer(auth(0x00, "done"))).toBe("")
    expect(script.asked).toEqual(["proof p", "c", "proof done"])
    expect(bench.seen()).toEqual(["up"])
  })

  test("a server that starts a re-authentication breaks the protocol (clause 4.12.1)", () => {
    const bench = dialled(new Script())
    bench.answer(proof("p"))
    bench.socket.sent()
    expect(bench.answer(auth(0x19))).toBe(goodbye(0x8c))
    expect(bench.seen()).toEqual(["up", "down 140"])
  })

  test("before CONNACK nothing asks to authenticate again, on any connection [MQTT-3.1.2-30]", () => {
    const bench = dialled(new Script())
    for (let connection = 0; connection < 2; connection++) {
      bench.socket.sent()
      bench.five.reauthenticate()
      expect(bench.socket.sent()).toBe("")
      bench.answer(proof("p"))
      bench.mqtt.drop(10)
      bench.dial()
    }
  })
})
