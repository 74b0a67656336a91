import { describe, expect, test } from "vitest"
import { bootHouse } from "../../tools/house"
import { CONFIG_FILE, TOPIC, homeOnline, readings } from "./home"
import type { Home } from "./home"

/** Two rounds: an answer of the sensor carries the conversion before it. */
async function untilShown({ house, climate }: Home, temperatureC: number, humidityPct: number): Promise<void> {
  Object.assign(climate.parts.dht22, { temperatureC, humidityPct })
  await house.advance("61s")
}

describe("a reading goes through the house", () => {
  test("the library call of the README boots what flash.config.json describes", async () => {
    const house = await bootHouse(CONFIG_FILE, { seed: 1, only: ["climate"] })
    house.device("climate").parts.dht22.temperatureC = 30
    await house.advance("31s")
    expect([...house.devices.keys()]).toEqual(["climate"])
    expect(house.broker.messages.at(-1)?.payload).toContain('"temperature":30.0')
  })

  test("from the wire to the broker: topic, JSON with one decimal, QoS 1, retained, each 30 s", async () => {
    const h = await homeOnline()
    await untilShown(h, 21.44, 48.16)
    const [last] = h.house.broker.messages.slice(-1)
    expect(last).toMatchObject({ topic: TOPIC, payload: '{"temperature":21.4,"humidity":48.2}', qos: 1, retain: true })
    expect(h.house.broker.retained.get(TOPIC)).toBe(last)
    const [first, second, third] = readings(h)
    expect((second!.atUs - first!.atUs) / 1e6).toBeCloseTo(28, 0) // the first had to wait for Wi-Fi
    expect((third!.atUs - second!.atUs) / 1e6).toBeCloseTo(30, 1)
  })

  // Light of the comfort colour at the lamp's brightness, as a camera sees it: 0 to 255 a channel.
  test.each([
    { room: "cold", temperatureC: 12, humidityPct: 100, lit: ["blue"], dark: ["red", "green"] },
    { room: "freezing", temperatureC: -21.5, humidityPct: 100, lit: ["blue"], dark: ["red", "green"] },
    { room: "mild", temperatureC: 22, humidityPct: 100, lit: ["green"], dark: ["red", "blue"] },
    { room: "hot", temperatureC: 31, humidityPct: 100, lit: ["red"], dark: ["green", "blue"] },
    { room: "warm", temperatureC: 25, humidityPct: 100, lit: ["red", "green"], dark: ["blue"] },
  ])("a $room room shows $lit", async ({ temperatureC, humidityPct, lit, dark }) => {
    const h = await homeOnline()
    await untilShown(h, temperatureC, humidityPct)
    expect(readings(h).at(-1)).toMatchObject({ temperature: temperatureC, humidity: humidityPct })
    const { swatch } = h.bulb.parts.lamp
    for (const channel of lit) expect(swatch[channel], channel).toBeGreaterThan(250)
    for (const channel of dark) expect(swatch[channel], channel).toBe(0)
  })

  test("the drier the room, the dimmer the lamp, and never dark", async () => {
    const h = await homeOnline()
    const lightAt = async (humidityPct: number) => {
      await untilShown(h, 31, humidityPct)
      return h.bulb.parts.lamp.red
    }
    const [dry, half, humid] = [await lightAt(0), await lightAt(50), await lightAt(100)]
    expect(dry).toBeGreaterThan(0.01)
    expect(half).toBeGreaterThan(3 * dry)
    expect(humid).toBeGreaterThan(3 * half)
    expect(h.bulb.pins.GPIO16!.pwm).toEqual({ duty: humid, frequencyHz: 5000 })
  })
})

describe("the bulb listens to anybody", () => {
  test("a message of another client turns it, at QoS 0 and 1", async () => {
    const h = await homeOnline({ only: "bulb" })
    h.house.broker.publish(TOPIC, '{"temperature":31,"humidity":100}')
    await h.house.advance("1s")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
    h.house.broker.publish(TOPIC, '{"temperature":10,"humidity":100}', { qos: 1 })
    await h.house.advance("1s")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 0, green: 0, blue: 255 })
    expect(h.of("mqtt").filter(({ action }) => action === "ack")).toHaveLength(1)
  })

  test("it fades: no step of the light is a jump", async () => {
    const h = await homeOnline({ only: "bulb" })
    const duties: number[] = []
    h.house.on((event) => event.kind === "pwm" && event.pin === "GPIO16" && duties.push(event.duty))
    h.house.broker.publish(TOPIC, '{"temperature":31,"humidity":100}')
    await h.house.advance("1s")
    expect(duties.length).toBeGreaterThan(8)
    expect(Math.max(...duties.map((duty, i) => duty - (duties[i - 1] ?? 0)))).toBeLessThan(0.25)
  })

  test("switched on later, it shows the retained reading at once", async () => {
    const h = await homeOnline({ only: "bulb" })
    h.house.broker.publish(TOPIC, '{"temperature":31,"humidity":100}', { retain: true })
    h.bulb.powerOff()
    await h.house.advance("5s")
    expect(h.bulb.parts.lamp.red).toBe(0)
    h.bulb.powerOn()
    await h.house.advance("6s")
    expect(h.bulb.parts.lamp.swatch).toMatchObject({ red: 255, green: 0, blue: 0 })
  })
})
