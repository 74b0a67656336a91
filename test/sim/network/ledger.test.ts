import { describe, expect, test } from "vitest"
import { Ledger } from "../../../sim/network/ledger"

const on = { topic: "lamp", payload: "on", dup: false, retain: false }

describe("what the house has not seen yet", () => {
  test("is not what one of its boards published", () => {
    const ledger = new Ledger()
    ledger.enter("lamp", "on")
    expect([ledger.isNew(on, "a"), ledger.isNew(on, "b")]).toEqual([false, false])
    expect(ledger.isNew({ ...on, payload: "off" }, "a")).toBe(true)
  })

  test("is a stranger's message, once, however many boards get it", () => {
    const ledger = new Ledger()
    expect(["a", "b", "c"].map((client) => ledger.isNew(on, client))).toEqual([true, false, false])
  })

  test("is the same words again to the same client, whatever the order of arrival", () => {
    const ledger = new Ledger()
    expect(["a", "a", "b", "b", "b", "a"].map((client) => ledger.isNew(on, client))).toEqual([
      true, true, false, false, true, false,
    ]) // prettier-ignore
  })

  test("is not a repetition after a reconnect, nor a retained message seen before", () => {
    const ledger = new Ledger()
    expect(ledger.isNew({ ...on, retain: true }, "a")).toBe(true)
    expect(ledger.isNew({ ...on, retain: true }, "a")).toBe(false)
    expect(ledger.isNew({ ...on, dup: true }, "a")).toBe(false)
    expect(ledger.isNew({ ...on, payload: "off", dup: true }, "a")).toBe(true)
  })

  test("is not the live message behind a retained one of the same words", () => {
    const ledger = new Ledger()
    ledger.enter("lamp", "on")
    expect([ledger.isNew({ ...on, retain: true }, "a"), ledger.isNew(on, "a")]).toEqual([false, false])
  })

  test("forgets what is long ago", () => {
    const ledger = new Ledger()
    ledger.enter("lamp", "on")
    for (let i = 0; i < 500; i++) ledger.enter("other", String(i))
    expect(ledger.isNew(on, "a")).toBe(true)
  })
})
