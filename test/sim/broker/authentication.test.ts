import { expect, test } from "vitest"
import type { AuthConversation } from "../../../sim/broker/policy"
import { bench } from "./peer"

/** Three steps: a hello, a challenge that is answered with "42", and proof from the server. */
const challenge = (isAgain: boolean): AuthConversation => {
  let step = 0
  return (data) => {
    if (++step === 1) return { say: "continue", data: isAgain ? "again?" : `hello ${data}` }
    return data === "42" ? { say: "success", data: "proof" } : { say: "refuse", code: 0x87, reason: "wrong" }
  }
}

const table = () =>
  bench({
    policy: { authenticate: ({ method, isAgain }) => (method === "QUIZ" ? challenge(isAgain) : undefined) },
  })

const method = { authenticationMethod: "QUIZ" }
const data = (text: string) => ({ ...method, authenticationData: Buffer.from(text) })
const auth = (reasonCode: number, text: string) => ({ cmd: "auth", reasonCode, properties: data(text) }) as const
const proven = (t = table()) => t.five({ properties: data("me") }).send(auth(0x18, "42"))

test("[MQTT-4.12.0-2, -3] the exchange runs over AUTH 0x18 until CONNACK, which carries the method and the last word", () => {
  const peer = table().five({ properties: data("me") })
  expect([peer.said, peer.properties]).toEqual([["auth 0x18"], data("hello me")])
  peer.send(auth(0x18, "42"))
  expect([peer.said.at(-1), peer.properties]).toEqual(["connack 0", { ...data("proof"), topicAliasMaximum: 10 }])
})

test("a wrong answer is refused in CONNACK and closes", () => {
  const peer = table()
    .five({ properties: data("me") })
    .send(auth(0x18, "41"))
  expect([peer.said.at(-1), peer.properties, peer.isClosed]).toEqual(["connack 0x87", { reasonString: "wrong" }, true])
})

test("[MQTT-4.12.0-1] an unknown method, or any without a policy: 0x8C", () => {
  expect(table().five({ properties: { authenticationMethod: "OTHER" } }).said).toEqual(["connack 0x8c"])
  expect(bench().five({ properties: method }).said).toEqual(["connack 0x8c"])
})

test("[MQTT-3.1.2-30] until CONNACK nothing but AUTH and DISCONNECT", () => {
  const t = table()
  expect(
    t
      .five({ properties: data("me") })
      .publish("t", "x")
      .said.at(-1),
  ).toBe("connack 0x82")
  const gone = t.five({ properties: data("me") }).send({ cmd: "disconnect", reasonCode: 0 })
  expect([gone.said, gone.isClosed, t.broker.clients.size]).toEqual([["auth 0x18"], true, 0])
})

test("the exchange has 30 s, as any CONNECT", () => {
  const t = table()
  const peer = t.five({ properties: data("me") })
  t.clock.advance(30_000_000)
  expect(peer.isClosed).toBe(true)
})

test("re-authentication: the client begins with 0x19, the server ends with 0x00, traffic goes on in between", () => {
  const t = table()
  const peer = proven(t).forget().send(auth(0x19, "me"))
  expect([peer.said, peer.properties]).toEqual([["auth 0x18"], data("again?")])
  peer.send({ cmd: "pingreq" }).send(auth(0x18, "42"))
  expect([peer.said.slice(1), peer.properties]).toEqual([["pingresp", "auth"], data("proof")])
  expect([peer.isClosed, t.broker.clients.size]).toEqual([false, 1])
})

test("re-authentication that fails ends in DISCONNECT", () => {
  const peer = proven().forget().send(auth(0x19, "me")).send(auth(0x18, "41"))
  expect([peer.said.slice(1), peer.properties, peer.isClosed]).toEqual([
    ["disconnect 0x87"],
    { reasonString: "wrong" },
    true,
  ])
})

test.each([
  ["AUTH 0x18 that nobody asked for", auth(0x18, "x")],
  ["AUTH 0x00, which is the server's word", auth(0, "x")],
  [
    "[MQTT-4.12.1-1] another method than CONNECT's",
    { cmd: "auth", reasonCode: 0x19, properties: { authenticationMethod: "OTHER" } },
  ],
  ["no method", { cmd: "auth", reasonCode: 0x19 }],
] as const)("%s is a protocol error", (_, packet) => {
  const peer = proven().forget().send(packet)
  expect([peer.said, peer.isClosed]).toEqual([["disconnect 0x82"], true])
})

test("[MQTT-4.12.0-7] AUTH without a method in CONNECT is a protocol error", () => {
  const peer = table().five().forget().send(auth(0x19, "x"))
  expect(peer.said).toEqual(["disconnect 0x82"])
})
