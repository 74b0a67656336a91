import { describe, expect, test } from "vitest"
import { encodeSettings } from "../../src/device/settings"
import { crc32 } from "../../src/util/crc32"
import { fixtureBundle, home, homeOnline, readings, untilOnline } from "./home"
import type { Home } from "./home"

const only = "climate"
const topicsOf = (h: Home) => [...new Set(h.house.broker.messages.map(({ topic }) => topic))]

/** As a file of settings that publishes to `topic`; `sequence` 1 is older than 2. */
function fileFor(h: Home, topic: string, sequence: number): string {
  const record = h.climate.spec.record!
  return encodeSettings({ ...record, s: { ...record.s, topic } }, sequence, crc32)
}

async function withFiles(files: (h: Home) => Record<string, string | undefined>): Promise<Home> {
  const h = await home({ only })
  for (const [name, bytes] of Object.entries(files(h)))
    if (bytes === undefined) h.climate.chip.flash.erase(name)
    else h.climate.chip.flash.write(name, bytes)
  await h.house.advance("1min")
  return h
}

describe("the settings in Storage", () => {
  test.each([
    ["a", "b"],
    ["b", "a"],
  ])("the newer of two files counts: mw.%s", async (newer, older) => {
    const h = await withFiles((made) => ({
      [`mw.${newer}`]: fileFor(made, "new", 8),
      [`mw.${older}`]: fileFor(made, "old", 7),
    }))
    expect(topicsOf(h)).toEqual(["new"])
  })

  test.each<[string, (file: string) => string | undefined]>([
    ["a byte flipped", (file) => file.replace('"new"', '"nev"')],
    ["its checksum wrong", (file) => file.replace(/^\d/, (digit) => String(9 - Number(digit)))],
    ["cut off", (file) => file.slice(0, -20)],
    ["torn: erased flash at its end", (file) => file.slice(0, 40) + "\xff".repeat(file.length - 40)],
    ["erased flash only", (file) => "\xff".repeat(file.length)],
    ["something else", () => "[object Object]"],
    ["one byte", () => " "],
    ["gone", () => undefined],
  ])("the newer file damaged (%s): boots with the other", async (_what, damage) => {
    const h = await withFiles((made) => ({ "mw.a": fileFor(made, "old", 7), "mw.b": damage(fileFor(made, "new", 8)) }))
    expect(topicsOf(h)).toEqual(["old"])
    expect(h.logs(only)).toEqual(["wifi: connected", "mqtt: online"])
  })

  test("both damaged, or none: says so once and stays quiet", async () => {
    const damaged = await withFiles((made) => ({ "mw.a": fileFor(made, "old", 7).slice(1), "mw.b": "no settings" }))
    const none = await withFiles(() => ({ "mw.a": undefined }))
    for (const h of [damaged, none]) {
      await h.house.advance("1h")
      expect(h.logs(only)).toEqual(["no settings in Storage"])
      expect([...h.of("wifi"), ...h.of("tcp"), ...h.of("halt")]).toEqual([])
      expect(h.of("boot")).toHaveLength(1)
      expect(h.climate.pins.GPIO4!.level).toBe(1)
    }
  })

  test("no secret of theirs is ever printed", async () => {
    const h = await homeOnline({ only, trace: true })
    h.climate.chip.flash.write("mw.a", fileFor(h, "new", 8).slice(1))
    h.climate.reboot()
    await h.house.advance("1min")
    expect(h.logs(only).at(-1)).toBe("no settings in Storage")
    expect(h.house.trace.join("\n")).not.toContain(h.climate.spec.record!.pass)
  })
})

describe("power fails while settings are rewritten", () => {
  async function resettler(): Promise<Home> {
    const bundle = await fixtureBundle("resettler")
    return home({
      change: ([spec]) => [
        { ...spec!, bundle, record: { ...spec!.record!, s: { ...spec!.record!.s, topic: "count/1" } } },
      ],
    })
  }

  test("after every step of the write the board boots with the old settings or the new", async () => {
    const seen: string[] = []
    for (let steps = 0; steps <= 4; steps++) {
      const h = await resettler()
      await untilOnline(h) // wrote count/2 to the free file; the next write replaces the older one, which is erased first
      h.climate.chip.flash.cutPowerAfter(steps)
      h.climate.reboot()
      await h.house.advance("1s")
      const torn = h.of("storage").filter(({ action }) => action === "torn")
      expect(torn).toHaveLength(steps < 4 ? 1 : 0)
      expect(h.climate.chip.state).toBe(steps < 4 ? "off" : "running")

      h.climate.chip.flash.cutPowerAfter(Infinity)
      h.climate.powerOff()
      h.climate.powerOn()
      const from = h.house.broker.messages.length
      await h.house.advance("1min")
      const [{ topic } = { topic: "" }] = h.house.broker.messages.slice(from)
      seen.push(topic)
      expect(readings(h).length).toBeGreaterThan(from)
    }
    // The write that was cut off left count/2; the whole one left count/3. Each start moves on by one.
    expect(seen).toEqual(["count/3", "count/3", "count/3", "count/3", "count/4"])
  })
})
