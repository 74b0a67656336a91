import { describe, expect, test } from "vitest"
import { TOPIC, homeOnline } from "./home"
import type { Home } from "./home"

const only = "bulb"
const RED = '{"temperature":31,"humidity":100}'

async function redBulb(): Promise<Home & { send(payload: string | Uint8Array, topic?: string): Promise<void> }> {
  const h = await homeOnline({ only })
  const send = async (payload: string | Uint8Array, topic = TOPIC) => {
    h.house.broker.publish(topic, payload, { qos: 1 })
    await h.house.advance("600ms")
  }
  await send(RED)
  return { ...h, send }
}

const told = (h: Home) => h.logs(only).filter((text) => text.startsWith("bulb"))

const NOT_READINGS: [what: string, payload: string | Uint8Array][] = [
  ["nothing", ""],
  ["half an object", '{"temperature":'],
  ["a word", "red"],
  ["a minus", "-"],
  ["null", "null"],
  ["a number", "21.4"],
  ["text", '"21.4"'],
  ["an array", "[21.4,48.2]"],
  ["brackets without end", "[".repeat(60)],
  ["brackets that would crash the chip", "[".repeat(900)],
  ["lists in lists that would", "[".repeat(400) + "]".repeat(400)],
  ["objects in objects that would", '{"a":'.repeat(160) + "1" + "}".repeat(160)],
  ["no UTF-8", Uint8Array.of(0xff, 0xfe, 0x00, 0x80)],
  ["900 bytes of it", "{".repeat(900)],
  ["empty", "{}"],
  ["other names", '{"temp":21,"hum":48}'],
  ["no humidity", '{"temperature":21}'],
  ["no temperature", '{"humidity":48}'],
  ["null for a value", '{"temperature":null,"humidity":48}'],
  ["text for a value", '{"temperature":"21","humidity":48}'],
  ["a flag for a value", '{"temperature":21,"humidity":true}'],
  ["a list for a value", '{"temperature":[21],"humidity":48}'],
  ["an object for a value", '{"temperature":21,"humidity":{"pct":48}}'],
  ["no room is so hot", '{"temperature":100.1,"humidity":48}'],
  ["no room is so cold", '{"temperature":-60.1,"humidity":48}'],
  ["drier than dry", '{"temperature":21,"humidity":-0.1}'],
  ["wetter than water", '{"temperature":21,"humidity":100.1}'],
  ["too large for a number", '{"temperature":1e999,"humidity":48}'],
]

describe("what is not a reading leaves the bulb as it was", () => {
  test.each(NOT_READINGS)("%s", async (_what, payload) => {
    const h = await redBulb()
    const duties: unknown[] = []
    h.house.on((event) => event.kind === "pwm" && duties.push(event))
    await h.send(payload)
    expect(duties).toEqual([])
    expect(h.bulb.parts.lamp.swatch).toEqual({ red: 255, green: 0, blue: 0 })
    expect(told(h)).toHaveLength(1)
    expect(told(h)[0]!.length).toBeLessThan(100)
    expect(h.of("boot")).toHaveLength(1)
    expect(h.house.linkOf(only)).toBe("online")
  })

  test("told once, counted, and the count told when readings come again", async () => {
    const h = await redBulb()
    for (const [, payload] of NOT_READINGS) await h.send(payload)
    expect(told(h)).toEqual(["bulb: not a reading: "])
    await h.send('{"temperature":10,"humidity":100}')
    expect(told(h).slice(1)).toEqual([`bulb: readings again after ${NOT_READINGS.length} other messages`])
    expect(h.bulb.parts.lamp.swatch).toEqual({ red: 0, green: 0, blue: 255 })
    await h.send("again")
    expect(told(h).slice(2)).toEqual(["bulb: not a reading: again"])
    expect(h.of("mqtt").filter(({ action }) => action === "ack")).toHaveLength(NOT_READINGS.length + 3)
  })

  test("a thousand of them cost no memory", async () => {
    const h = await redBulb()
    const { used } = h.house.view().devices[0]!.memory
    for (let i = 0; i < 1000; i++) h.house.broker.publish(TOPIC, `{"temperature":${"9".repeat(i % 40)}`, { qos: 1 })
    await h.house.advance("1min")
    expect(h.of("mqtt").filter(({ action }) => action === "ack").length).toBeGreaterThan(1000)
    expect(h.house.view().devices[0]!.memory.used).toBe(used)
    expect(told(h)).toHaveLength(1)
  })
})

describe("what is one", () => {
  test.each([
    '{"humidity":100,"temperature":31}',
    ' {\n"temperature" : 3.1e1 , "humidity" : 100 }\n',
    '{"temperature":31,"humidity":100,"battery":3.1}',
  ])("in any order, spacing and company: %j", async (payload) => {
    const h = await homeOnline({ only })
    h.house.broker.publish(TOPIC, payload)
    await h.house.advance("1s")
    expect(h.bulb.parts.lamp.swatch).toEqual({ red: 255, green: 0, blue: 0 })
  })

  test("on another topic is not for this bulb", async () => {
    const h = await redBulb()
    for (const topic of ["sensor/data/2", "sensor", "Sensor/data", "sensor/dat", "$SYS/sensor/data"])
      await h.send('{"temperature":10,"humidity":100}', topic)
    expect(h.bulb.parts.lamp.swatch).toEqual({ red: 255, green: 0, blue: 0 })
    expect(told(h)).toEqual([])
  })

  test("on a topic that was never asked for, from a broker that errs, is not for it either", async () => {
    const h = await redBulb()
    const [client] = [...h.house.broker.clients.keys()]
    h.house.broker.sendRaw(client!, '\x30\x2a\x00\x07unknown{"temperature":10,"humidity":100}')
    h.house.broker.sendRaw(client!, '\x30\x2f\x00\x0csensor/data2{"temperature":10,"humidity":100}')
    await h.house.advance("1s")
    expect(h.bulb.parts.lamp.swatch).toEqual({ red: 255, green: 0, blue: 0 })
    expect(h.house.linkOf(only)).toBe("online")
  })
})
