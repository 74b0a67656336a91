import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { bootHouse } from "../../tools/house"

describe("the README's program", () => {
  it.each(["examples/greenhouse.ts", "test/examples/climate.test.ts"])("%s is what the README quotes", (file) => {
    expect(readFileSync("README.md", "utf8")).toContain(readFileSync(file, "utf8"))
  })

  it("publishes readings, turns its fan and tells of its button", async () => {
    const house = await bootHouse("examples/flash.config.json", { only: ["greenhouse"] })
    const { dht22, relay, button } = house.device("greenhouse").parts
    dht22.temperatureC = 31
    await house.advance("20s")
    house.broker.publish("greenhouse/fan/set", "ON")
    button.press(500)
    await house.advance("2s")
    const said = house.broker.messages.map(({ topic, payload }) => `${topic} ${payload}`)
    expect(said).toContainEqual(
      expect.stringMatching(/^greenhouse\/climate \{"temperature":31\.0,"humidity":\d+\.\d\}$/),
    )
    expect(said.filter((line) => line.includes("button"))).toEqual([
      "greenhouse/button pressed",
      "greenhouse/button released",
    ])
    expect(relay.closed).toBe(true)
  })
})
