import { describe, expect, test } from "vitest"
import { specOf } from "../../scenarios/home"
import { record, replay } from "./recording"

describe("a replay", () => {
  test.each(["climate", "bulb"])("of %s says what was said", async (name) => {
    const specs = [await specOf("climate"), await specOf("bulb")]
    const text = await record({ devices: specs })
    const outcome = replay(
      text,
      specs.find((spec) => spec.name === name)!,
    )
    expect(outcome.difference).toBeUndefined()
    expect(outcome.outputs).toBeGreaterThan(20)
    expect(outcome.inputs).toBeGreaterThan(4)
  })
})
