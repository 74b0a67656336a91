import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Persistence } from "../../src/mqtt/parts"
import { keepInMemory, keepInStorage, persistent } from "../../src/mqtt/persistence"
import { crc32 } from "../../src/util/crc32"
import { FakeStorage, PowerCut } from "../fakes/storage"
import { buildProgram } from "../../tools/build/program"

const PUBREL = "\x62\x02\0\x01"

/** The program after a reboot. */
const boot = (storage: FakeStorage, fileBytes?: number) => keepInStorage(storage, crc32, undefined, fileBytes)
const kept = (store: Persistence) => Object.entries(store.retrieve())
const keptIn = (storage: FakeStorage) => kept(boot(storage))
const names = (storage: FakeStorage) => [...storage.files.keys()]

describe.each([
  ["in memory", () => keepInMemory(), (store: Persistence) => store],
  ["in Storage", () => boot(storage), () => boot(storage)],
])("messages kept %s", (_, open, again) => {
  test("come back in the order of storing, whatever their bytes", () => {
    storage = new FakeStorage()
    const store = open()
    const packets: [string, string][] = [
      ["\0\x02", "2\x05\0\x01t\0\x02"],
      ["<\0\x02", "1"],
      ["\xff\xfe", "\xff".repeat(300) + "\0"],
      ["\0\x01", "\0\0\0\0"],
    ]
    for (const [key, packet] of packets) expect(store.store(key, packet)).toBe(true)
    expect(kept(again(store))).toEqual(packets)
  })

  test("go behind all others when they are stored again, and are gone when cleared", () => {
    storage = new FakeStorage()
    const store = open()
    for (const key of ["\0\x01", "\0\x02", "\0\x03"]) store.store(key, "old" + key)
    store.store("\0\x01", PUBREL)
    store.clear("\0\x02")
    const left = [
      ["\0\x03", "old\0\x03"],
      ["\0\x01", PUBREL],
    ]
    expect(kept(again(store))).toEqual(left)
    again(store).clear("\0\x09")
    expect(kept(again(store))).toEqual(left)
  })

  test("are the caller's own copy", () => {
    storage = new FakeStorage()
    const store = open()
    store.store("\0\x01", "a")
    delete store.retrieve()["\0\x01"]
    expect(kept(store)).toEqual([["\0\x01", "a"]])
  })
})

let storage = new FakeStorage()

test("a program's own hooks are passed on as they are", () => {
  const hooks = keepInMemory()
  expect(persistent(hooks)).toBe(hooks)
})

type Step = { key: string; packet: string }
const steps = fc.array(
  fc.record({
    key: fc.constantFrom("\0\x01", "\0\x02", "\0\x03", "<\0\x01", "\xff\xff"),
    // An empty packet clears.
    packet: fc.oneof(
      fc.constant(""),
      fc.constant(PUBREL),
      fc.integer({ min: 1, max: 60 }).map((n) => "\xff".repeat(n) + n),
    ),
  }),
  { minLength: 1, maxLength: 12 },
)

const take = (store: Persistence, { key, packet }: Step) =>
  packet ? store.store(key, packet) : (store.clear(key), true)

function apply(state: Record<string, string>, { key, packet }: Step): Record<string, string> {
  const next = { ...state }
  delete next[key]
  if (packet) next[key] = packet
  return next
}

const entries = (state: Record<string, string>) => Object.entries(state)

/** Takes the steps until power fails; returns what was kept before and after the step in which it did. */
function untilPowerFails(storage: FakeStorage, plan: Step[], fileBytes: number) {
  let before: Record<string, string> = {}
  let after = before
  try {
    const store = boot(storage, fileBytes)
    before = after = store.retrieve()
    for (const step of plan) {
      after = apply(before, step)
      const isTaken = take(store, step)
      // What fails in flash is taken for a full file: without power nothing comes of that.
      if (storage.stepsToPowerCut < 0) break
      if (isTaken) before = after
    }
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error
  }
  return [entries(before), entries(after)]
}

/** Large enough for all that `steps` can keep at a time. */
const SMALL_FILE = 400

describe("power", () => {
  test("failing at any byte of any write leaves the state before or after it, and the next boot goes on from there", () => {
    let cuts = 0
    const property = fc.property(steps, steps, (plan, rest) => {
      for (let powered = 0; ; powered++) {
        const storage = new FakeStorage()
        storage.bytesAStep = 1
        storage.stepsToPowerCut = powered
        const states = untilPowerFails(storage, plan, SMALL_FILE)
        const isCut = storage.stepsToPowerCut < 0
        storage.stepsToPowerCut = Infinity
        const found = boot(storage, SMALL_FILE).retrieve()
        expect(states).toContainEqual(entries(found))
        untilPowerFails(storage, rest, SMALL_FILE)
        expect(kept(boot(storage, SMALL_FILE))).toEqual(entries(rest.reduce(apply, found)))
        if (!isCut) return
        cuts++
      }
    })
    fc.assert(property, { numRuns: 60, seed: 3 })
    expect(cuts).toBeGreaterThan(5000)
  })

  test("failing again and again at the same place loses nothing that was kept", () => {
    const plan = Array.from({ length: 9 }, (_, n) => ({
      key: `\0${String.fromCharCode(n % 3)}`,
      packet: "x".repeat(50) + n,
    }))
    for (let powered = 0; powered < 1000; powered += 7) {
      const storage = new FakeStorage()
      storage.bytesAStep = 1
      for (let life = 0; life < 4; life++) {
        storage.stepsToPowerCut = powered
        const states = untilPowerFails(storage, plan, SMALL_FILE)
        storage.stepsToPowerCut = Infinity
        expect(states).toContainEqual(kept(boot(storage, SMALL_FILE)))
      }
    }
  })

  test("coming and going without a message writes nothing", () => {
    const storage = new FakeStorage()
    boot(storage).store("\0\x01", "m")
    const { steps } = storage
    for (let life = 0; life < 5; life++) boot(storage).retrieve()
    expect(storage.steps).toBe(steps)
  })
})

describe("room", () => {
  test("is taken from Storage once per file, not per message, and only one of the two files stays", () => {
    const storage = new FakeStorage()
    const store = boot(storage)
    const { freeBytes } = storage
    for (let message = 0; message < 140; message++) {
      store.store("\0\x01", "x".repeat(34))
      store.clear("\0\x01")
    }
    expect([freeBytes - storage.freeBytes, names(storage).length]).toEqual([8192 + 32, 1])
    for (let message = 0; message < 10_000; message++) {
      store.store("\0\x01", "x".repeat(34))
      store.clear("\0\x01")
      if (message % 1000 === 0) expect(names(storage).length).toBe(1)
    }
  })

  test("what does not fit into a file is refused, and what was kept stays", () => {
    const storage = new FakeStorage()
    const store = boot(storage, 300)
    expect(store.store("\0\x01", "a".repeat(200))).toBe(true)
    expect(store.store("\0\x02", "b".repeat(200))).toBe(false)
    expect(kept(boot(storage, 300))).toEqual([["\0\x01", "a".repeat(200)]])
    const { freeBytes } = storage
    for (let again = 0; again < 5; again++) expect(store.store("\0\x02", "b".repeat(200))).toBe(false)
    expect(storage.freeBytes).toBe(freeBytes)
    expect(store.store("\0\x02", "b")).toBe(true)
  })

  test("messages leave a margin in Storage that only PUBREL and clearing may use", () => {
    const storage = new FakeStorage()
    const store = boot(storage, 300)
    store.store("\0\x01", "a".repeat(200))
    store.store("\0\x02", "b".repeat(40))
    storage.freeBytes = 10_000
    expect(store.store("\0\x03", "c".repeat(30))).toBe(false)
    expect(kept(boot(storage, 300)).length).toBe(2)
    expect(store.store("\0\x01", PUBREL)).toBe(true)
    for (let again = 0; again < 30; again++) store.clear("\0\x02")
    expect(keptIn(storage)).toEqual([["\0\x01", PUBREL]])
  })

  test("running out wants a restart, and at boot a compaction, while there is something to gain by it", () => {
    let compactions = 0
    const start = () => keepInStorage(storage, crc32, () => compactions++)
    storage = new FakeStorage()
    storage.freeBytes = 200_000
    const store = start()
    let lives = 0
    while (!store.isLow!() && lives++ < 10_000) {
      expect(store.store("\0\x01", "x".repeat(400))).toBe(true)
      store.clear("\0\x01")
    }
    expect([store.isLow!(), compactions]).toEqual([true, 0])
    start()
    expect(compactions).toBe(1)
    storage.compact()
    expect([start().isLow!(), compactions]).toEqual([false, 1])
    // Full of other files: a compaction would not help, and the chip would restart for ever.
    storage.freeBytes = 20_000
    expect([start().isLow!(), compactions]).toEqual([false, 1])
  })
})

test("wear is counted: calls, and bytes of records", () => {
  const store = boot(new FakeStorage())
  store.store("\0\x01", "x".repeat(34))
  expect([store.writes, store.bytes]).toEqual([1, 46])
  store.clear("\0\x01")
  expect([store.writes, store.bytes]).toEqual([2, 58])
})

describe("a change of the protocol's version", () => {
  test("finds what was kept in the other one in files of its own: its packets would be malformed here", async () => {
    const [three, five] = await Promise.all([
      buildProgram("test/vm/programs/kept.ts"),
      buildProgram("examples/meter.ts"),
    ])
    expect(three.code).toMatch(/"mw\.q"/)
    expect(three.code).not.toContain("mw.q5")
    expect(five.code).toMatch(/"mw\.q5"/)
    expect(five.code).not.toMatch(/"mw\.q"/)
  })
})
