import { describe, expect, it } from "vitest"
import { bootHouse } from "../../tools/sim"
import { project } from "../config/support/project"

const CONFIG = "examples/flash.config.json"

describe("bootHouse", () => {
  it("gives each test a house of its own, at power-on, of devices that are built once", async () => {
    const [one, other] = [await bootHouse(CONFIG, { only: ["meter"] }), await bootHouse(CONFIG, { only: ["meter"] })]
    one.device("meter").spec.parts![0]!.name = "spoilt"
    await one.advance("10s")
    expect([other.nowUs, other.device("meter").spec.parts![0]!.name]).toEqual([0, "button"])
    const third = await bootHouse(CONFIG, { only: ["meter"] })
    expect(third.device("meter").spec.parts![0]!.name).toBe("button")
  })

  it.each([
    ["a file that is not there", "no-such.json", {}, /^no-such\.json: there is no such file\. Give bootHouse the path/],
    ["a device that is none", CONFIG, { only: ["metre"] }, /there is no device "metre".*Did you mean "meter"/],
    [
      "a mistake in the file",
      `${project({ "flash.config.json": '{ "devises": {} }' })}/flash.config.json`,
      {},
      /devises/,
    ],
  ])("says %s, and where the test asked for it", async (_, file, options, reason) => {
    const error: Error = await bootHouse(file, options).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )
    expect(error.message).toMatch(reason)
    expect(error.message).not.toContain("--")
    expect(error.stack).toMatch(/boot\.test\.ts:\d+/)
    expect(error.stack).not.toContain("tools/")
  })
})
