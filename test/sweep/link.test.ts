import { describe, expect, test } from "vitest"
import type { Break, Way } from "./rig"
import { check, play } from "./scenario"

describe.each([4, 5] as const)("MQTT level %i, the link breaks after every byte", (version) => {
  const whole = play({ version })

  test("and without a break everything arrives once, over three connections", () => {
    check(whole, "unbroken")
    expect([whole.connects, whole.lives, whole.heard.length]).toEqual([3, 1, whole.published.length])
  })

  test.each([
    ["to the broker", "reset"],
    ["from the broker", "reset"],
    ["to the broker", "silence"],
    ["from the broker", "silence"],
  ] as [Way, Break][])("%s, by %s: QoS 1 at least once, QoS 2 exactly once, and back online", (way, kind) => {
    for (const isForgetful of [false, true])
      for (let bytes = 1; bytes <= whole.passed[way]; bytes++) {
        const rig = play({ version, link: { way, bytes, kind }, isForgetful })
        const what = `byte ${bytes} ${way}, ${kind}`
        expect([rig.breaks, rig.lives], what).toEqual([1, 1])
        check(rig, what)
      }
  })

  test.each(["to the broker", "from the broker"] as Way[])("%s, and again soon after", (way) => {
    let twice = 0
    for (const kind of ["reset", "silence"] as Break[])
      for (let bytes = 1; bytes <= whole.passed[way]; bytes++) {
        const again = 1 + ((bytes * 37) % 60)
        const rig = play({ version, link: { way, bytes, kind, again }, isForgetful: bytes % 2 === 0 })
        check(rig, `bytes ${bytes} and ${again} ${way}, ${kind}`)
        if (rig.breaks === 2) twice++
      }
    // Behind the last bytes there are not always so many more.
    expect(twice).toBeGreaterThan(2 * whole.passed[way] * 0.85)
  })
})
