import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { E_FULL, E_STORAGE } from "../../src/mqtt/constants"
import type { Persistence } from "../../src/mqtt/parts"
import { keepInMemory, keepInStorage } from "../../src/mqtt/persistence"
import { qos1 } from "../../src/mqtt/qos1"
import { MAX_RECEIVED, qos2 } from "../../src/mqtt/qos2"
import { crc32 } from "../../src/util/crc32"
import { FakeStorage } from "../fakes/storage"
import { Bench, type BenchOptions } from "./bench"
import { packetHex, puback, pubcomp, publish, pubrec, pubrel } from "./reference"
import { toHex } from "../fakes/bytes"

let store: Persistence
let bench: Bench
beforeEach(() => void (store = keepInMemory()))
afterEach(() => bench.network.finish())

/** Power on: a new client over what was kept. */
function boot(options: BenchOptions = {}): Bench {
  bench?.network.finish()
  bench = new Bench({ acks: qos2, keepSession: true, persistence: store, ...options })
  return bench
}
/** Online; what the client sends by itself then. */
function online(isResumed = true): string {
  bench.online(isResumed)
  return bench.socket.sent()
}
const out = (payload: string, qos: 1 | 2, messageId: number, dup = false) =>
  toHex(publish({ topic: "t", payload, qos, messageId, dup }))
const send = (payload: string, qos: 1 | 2 = 1) => bench.mqtt.publish("t", payload, { qos })
const keys = () => Object.keys(store.retrieve())

describe("after a power loss", () => {
  test("messages go out again in order, with their ids and DUP [MQTT-3.3.1-1], PUBREL where PUBREC had come", () => {
    boot().online()
    send("a", 2)
    send("b", 1)
    send("c", 2)
    bench.socket.giveBytes(pubrec(1))
    bench.socket.sent()
    boot()
    expect(bench.session.pending()).toBe(3)
    expect(online()).toBe(
      [packetHex({ cmd: "pubrel", messageId: 1 }), out("b", 1, 2, true), out("c", 2, 3, true)].join(" "),
    )
    bench.socket.giveBytes(pubcomp(1) + puback(2))
    expect([bench.session.pending(), keys().length]).toEqual([1, 1])
  })

  test("to a broker that kept no session they go out as new, and what it had taken is over", () => {
    boot().online()
    send("a", 2)
    send("b", 1)
    bench.socket.giveBytes(pubrec(1))
    bench.socket.sent()
    boot()
    expect(online(false)).toBe(out("b", 1, 2))
    expect([bench.session.pending(), keys()]).toEqual([1, ["\0\x02"]])
  })

  test("what is published before the first connection stands behind what was kept", () => {
    boot()
    send("a")
    boot()
    send("b")
    expect(online()).toBe(`${out("a", 1, 1, true)} ${out("b", 1, 2)}`)
  })

  test("ids in use are not given away, and each slot comes back once", () => {
    boot({ slots: 2 })
    send("a")
    send("b")
    boot({ slots: 2 })
    expect(send("c")).toBe(E_FULL)
    online()
    bench.socket.giveBytes(puback(1))
    expect([send("c"), send("d"), bench.socket.sent()]).toEqual([1, E_FULL, out("c", 1, 1)])
    bench.socket.giveBytes(puback(2) + puback(1))
    expect([bench.session.pending(), keys()]).toEqual([0, []])
  })

  test("of a program with more slots, their ids go on, and there are no more slots than before", () => {
    boot({ slots: 6 })
    for (const payload of ["1", "2", "3", "4", "5", "6"]) send(payload)
    online(false)
    bench.socket.giveBytes(puback(1) + puback(2) + puback(3) + puback(4))
    bench.socket.sent()
    boot({ slots: 3 })
    expect(bench.session.pending()).toBe(2)
    expect(online()).toBe(`${out("5", 1, 5, true)} ${out("6", 1, 6, true)}`)
    expect([send("7"), send("8")]).toEqual([1, E_FULL])
    bench.socket.giveBytes(puback(5) + puback(6) + puback(1))
    expect(bench.session.pending()).toBe(0)
    expect([send("a"), send("b"), send("c"), send("d")]).toEqual([1, 1, 1, E_FULL])
    bench.socket.sent()
  })

  test("of a program with more slots than this one, all of them arrive", () => {
    boot({ slots: 4 })
    for (const payload of ["1", "2", "3", "4"]) send(payload)
    boot({ slots: 2 })
    expect([bench.session.pending(), send("5")]).toEqual([4, E_FULL])
    online()
    bench.socket.giveBytes(puback(1) + puback(2) + puback(3) + puback(4))
    expect([bench.session.pending(), keys()]).toEqual([0, []])
  })

  test("a QoS 2 message that was handed on is a duplicate until it is released; then its id is a new message's", () => {
    const message = (dup: boolean) => publish({ topic: "x", payload: "m", qos: 2, messageId: 7, dup })
    boot().listen("x", 2)
    online(false)
    expect(bench.answer(message(false))).toBe(toHex(pubrec(7)))
    boot().listen("x", 2)
    online()
    expect([bench.answer(message(true)), bench.seen()]).toEqual([toHex(pubrec(7)), ["up resumed"]])
    expect([bench.answer(pubrel(7)), keys()]).toEqual([toHex(pubcomp(7)), []])
    boot().listen("x", 2)
    online()
    expect([bench.answer(message(false)), bench.seen()]).toEqual([toHex(pubrec(7)), ["up resumed", "x: x=m"]])
    boot()
    online(false)
    expect(keys()).toEqual([])
  })

  test("ids of received messages count against the limit from the start", () => {
    const message = (messageId: number) => publish({ topic: "x", payload: "m", qos: 2, messageId })
    boot().listen("x", 2)
    online(false)
    for (let id = 1; id <= MAX_RECEIVED; id++) bench.answer(message(id))
    boot().listen("x", 2)
    online()
    bench.socket.giveBytes(message(MAX_RECEIVED + 1))
    expect([bench.mqtt.isOnline(), keys().length]).toEqual([false, MAX_RECEIVED])
  })

  test("in a program that has only QoS 1 now, QoS 2 messages go out at QoS 1, and the rest of QoS 2 is over", () => {
    boot().listen("x", 2)
    online(false)
    send("a", 2)
    send("b", 2)
    send("c", 1)
    bench.socket.giveBytes(pubrec(1) + publish({ topic: "x", payload: "m", qos: 2, messageId: 9 }))
    bench.socket.sent()
    boot({ acks: qos1, slots: 3 })
    expect([bench.session.pending(), keys()]).toEqual([2, ["\0\x02", "\0\x03"]])
    expect(online()).toBe(`${out("b", 1, 2, true)} ${out("c", 1, 3, true)}`)
    bench.socket.giveBytes(puback(2) + puback(3))
    expect([send("d"), send("e"), send("f"), send("g")]).toEqual([1, 1, 1, E_FULL])
    bench.socket.sent()
  })
})

describe("when nothing can be kept", () => {
  /** Stores so many more, then nothing. */
  function storing(left: number): void {
    const inner = keepInMemory()
    store = { ...inner, store: (key, packet) => left-- > 0 && inner.store(key, packet) }
  }

  test("a message is refused and not sent, and its slot is free", () => {
    storing(0)
    boot({ slots: 1 }).online()
    bench.socket.sent()
    expect([send("a"), bench.session.pending(), bench.socket.sent()]).toEqual([E_STORAGE, 0, ""])
  })

  test("PUBREL does not go out: after a power loss the message would be sent as if there had been none", () => {
    storing(1)
    boot().online()
    send("a", 2)
    bench.socket.sent()
    expect([bench.answer(pubrec(1)), bench.session.pending()]).toEqual(["", 1])
    bench.socket.closeByPeer()
    expect(online()).toBe(out("a", 2, 1, true))
  })

  test("a QoS 2 message is neither answered nor handed on, and that is told", () => {
    storing(0)
    boot().listen("x", 2)
    online(false)
    bench.seen()
    expect([bench.answer(publish({ topic: "x", payload: "m", qos: 2 })), bench.seen()]).toEqual([
      "",
      [`trouble ${E_STORAGE} x`],
    ])
  })
})

test("wear, for a message of 11 bytes of topic and 17 of payload", () => {
  const storage = keepInStorage(new FakeStorage(), crc32)
  store = storage
  boot().listen("sensor/data", 2)
  online(false)
  const wear = (run: () => void) => {
    const { writes, bytes } = storage
    run()
    bench.socket.sent()
    return [storage.writes - writes, storage.bytes - bytes]
  }
  const send = (qos: 1 | 2) => bench.mqtt.publish("sensor/data", "x".repeat(17), { qos })
  const receive = (qos: 1 | 2) =>
    bench.socket.giveBytes(publish({ topic: "sensor/data", payload: "x".repeat(17), qos, messageId: 1 }))
  expect({
    sent1: wear(() => bench.socket.giveBytes((send(1), puback(1)))),
    sent2: wear(() => (send(2), bench.socket.giveBytes(pubrec(2) + pubcomp(2)))),
    received1: wear(() => receive(1)),
    received2: wear(() => (receive(2), bench.socket.giveBytes(pubrel(1)))),
  }).toEqual({ sent1: [2, 58], sent2: [3, 74], received1: [0, 0], received2: [2, 27] })
})
