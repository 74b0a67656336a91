import { expect, test } from "vitest"
import { buildProgram } from "../../tools/build/program"
import { ROOT } from "../../tools/root"
import { homeOnline, specOf, untilOnline } from "./home"

const only = "climate"
const CAPACITY_BYTES = 896 * 1024

test("Storage that fills with old records is compacted at boot after an orderly restart, and messages go on", async () => {
  const { code } = await buildProgram("test/vm/programs/kept.ts", { root: ROOT })
  const spec = await specOf(only)
  const kept = { ...spec, bundle: code, parts: [], record: { ...spec.record!, s: { period: 500 } } }
  const h = await homeOnline({ only, change: () => [kept] })
  const { flash } = h.climate.chip
  // As after 12,000 messages: erased files, and room for a few more.
  flash.write("old", "x".repeat(flash.freeBytes - 70_000))
  flash.erase("old")
  expect(flash.garbageBytes).toBeGreaterThan(CAPACITY_BYTES - 100_000)
  await h.house.advance("5min")
  await untilOnline(h)

  expect(h.logs(only)).toContain("restarting: Storage is nearly full")
  expect(h.of("boot").map(({ reason }) => reason)).toEqual(["power", "reboot", "reboot"])
  expect(h.of("storage").filter(({ action }) => action === "compact")).toHaveLength(1)
  expect(flash.freeBytes).toBeGreaterThan(CAPACITY_BYTES - 100_000)

  const published = (qos: number) =>
    h.house.broker.messages.filter(({ topic }) => topic === `kept/${qos}`).map(({ payload }) => payload)
  const accepted = (qos: number) =>
    h.logs(only).flatMap((text) => (text.startsWith(`accepted ${qos} `) ? [text.slice(11)] : []))
  expect(accepted(2).length).toBeGreaterThan(200)
  expect(accepted(1).filter((payload) => !published(1).includes(payload))).toEqual([])
  expect(published(2)).toEqual(accepted(2))
})
