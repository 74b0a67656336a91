import { beforeEach, describe, expect, it } from "vitest"
import type { House } from "../../sim/house"
import { bootHouse } from "../../tools/house"

describe("colour-lamp", () => {
  let house: House
  const light = () => {
    const { red, green, blue } = house.device("colour-lamp").part("rgb-led")
    return [red, green, blue]
  }
  const states = () =>
    house.broker.messages.filter(({ topic }) => topic === "lounge/lamp").map(({ payload }) => JSON.parse(payload))
  /** Gamma 2.2 and the chip's 10 bits. */
  const near = (...levels: number[]) => levels.map((level) => expect.closeTo((level / 255) ** 2.2, 2) as number)

  async function command(told: unknown): Promise<void> {
    house.broker.publish("lounge/lamp/set", typeof told === "string" ? told : JSON.stringify(told))
    await house.advance("2s")
  }

  beforeEach(async () => {
    house = await bootHouse("examples/flash.config.json", { seed: 1, only: ["colour-lamp"] })
    await house.until(() => house.linkOf("colour-lamp") === "online")
    await house.advance("1s")
  })

  it("is off when power comes", () => expect(light()).toEqual([0, 0, 0]))

  it.each([
    ["white at full when it is only turned on", { state: "ON" }, [255, 255, 255]],
    ["a colour by red, green and blue", { state: "ON", color: { r: 255, g: 128, b: 0 } }, [255, 128, 0]],
    ["a colour by hue and saturation", { state: "ON", color: { h: 240, s: 50 } }, [127.5, 127.5, 255]],
    // 2856 K is illuminant A: 255, 177, 99 through sRGB.
    ["a white by kelvin", { state: "ON", color_temp: 2856 }, [255, 177, 99]],
    ["a brightness", { state: "ON", brightness: 128 }, [128, 128, 128]],
  ])("shows %s, and says so", async (_, told, levels) => {
    await command(told)
    expect(light()).toEqual(near(...levels))
    const [state] = states().slice(-1)
    expect(state.state).toBe("ON")
    expect(Math.max(state.color.r, state.color.g, state.color.b)).toBe(255)
  })

  it("takes the time that it is told, and comes back as it was after off", async () => {
    await command({ state: "ON", brightness: 100, color: { r: 255, g: 0, b: 0 } })
    await command({ state: "OFF", transition: 4 })
    expect(light()[0]).toBeGreaterThan(0.01)
    expect(light()[0]).toBeLessThan(near(100)[0] ? (100 / 255) ** 2.2 : 0)
    await house.advance("3s")
    expect(light()).toEqual([0, 0, 0])
    await command({ state: "ON" })
    expect(light()).toEqual(near(100, 0, 0))
    expect(states().map(({ state, brightness }) => [state, brightness])).toEqual([
      ["ON", 100],
      ["OFF", 0],
      ["ON", 100],
    ])
  })

  it("goes around the colours until it is told something else", async () => {
    await command({ state: "ON", effect: "colour loop" })
    await house.advance("4s")
    const seen = new Set<string>()
    for (let i = 0; i < 30; i++) {
      seen.add(
        light()
          .map((channel) => (channel > 0.4 ? "#" : "."))
          .join(""),
      )
      await house.advance("1s")
    }
    expect([...seen].sort()).toEqual(["#..", "##.", ".#.", ".##", "..#", "#.#"].sort())
    await command({ state: "ON", color: { r: 0, g: 255, b: 0 } })
    await house.advance("20s")
    expect(light()).toEqual(near(0, 255, 0))
  })

  it.each(["", "ON", "{", '{"state":"on"}', '{"brightness":3}'])("stays as it was when told %j", async (nonsense) => {
    await command({ state: "ON", brightness: 77 })
    await command(nonsense)
    expect(light()).toEqual(near(77, 77, 77))
    expect(states()).toHaveLength(1)
  })
})
