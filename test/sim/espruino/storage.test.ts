import { describe, expect, test } from "vitest"
import { collect, logsOf, oneBoard } from "../fixture"

const storage = `var S = require("Storage");`

describe("files", () => {
  test("are written, read in part, listed and erased; names are cut at 28 characters", async () => {
    const program = `${storage} print(S.write("a-very-long-file-name-of-more-than-28", "hello"));
      print(S.read("a-very-long-file-name-of-mor"), S.read("a-very-long-file-name-of-mor", 1, 3), S.read("none"));
      print(S.list().join(), S.list(/^x/).length); S.erase("a-very-long-file-name-of-mor"); print(S.list().join())`
    expect(await logsOf(program)).toEqual([
      "true",
      "hello ell undefined",
      ".bootcde,mw.a,a-very-long-file-name-of-mor 0",
      ".bootcde,mw.a",
    ])
  })

  test("objects are stored as JSON", async () => {
    expect(
      await logsOf(
        `${storage} S.write("o", { a: [1] }); S.writeJSON("p", "x"); print(S.read("o"), S.readJSON("o").a[0], S.read("p"))`,
      ),
    ).toEqual(['{"a":[1]} 1 "x"'])
  })

  test("a file that is no JSON throws, or gives undefined when asked to be quiet", async () => {
    const program = `${storage} S.write("o", "{"); print(S.readJSON("o", true)); try { S.readJSON("o") } catch (e) { print(e.type) }`
    expect(await logsOf(program)).toEqual(["undefined", "SyntaxError"])
  })

  test("an empty file throws", async () => {
    expect(await logsOf(`${storage} try { S.write("o", "") } catch (e) { print(e.message) }`)).toEqual([
      "Can't create zero length file",
    ])
  })

  test("a file reserved by size is filled part by part", async () => {
    expect(await logsOf(`${storage} S.write("o", "ab", 0, 4); S.write("o", "cd", 2); print(S.read("o"))`)).toEqual([
      "abcd",
    ])
  })

  test("what is written already, or would reach beyond the size, throws", async () => {
    const tries = ['S.write("o", "x", 1)', 'S.write("o", "cde", 2)', 'S.write("p", "x", 1)']
      .map((code) => `try { ${code} } catch (e) { print(e.message) }`)
      .join("; ")
    expect(await logsOf(`${storage} S.write("o", "ab", 0, 4); ${tries}; print(S.read("o"))`)).toEqual([
      "File already written with different data",
      "Too much data for file size",
      "Unable to find or create file",
      "ab\xff\xff",
    ])
  })

  test("survive a reboot and a power cut", async () => {
    const { house, board } = oneBoard(`${storage} print(S.read("n")); S.write("n", "" + (1 + (S.read("n") | 0)))`)
    await house.advance("400ms")
    board.reboot()
    await house.advance("400ms")
    board.powerOff()
    board.powerOn()
    await house.advance("400ms")
    expect(board.logs.map((log) => log.text)).toEqual(["undefined", "1", "2"])
  })
})

describe("wear", () => {
  test("an identical rewrite is free, a changed one consumes flash, and a full flash is compacted", async () => {
    const program = `${storage} var f = S.getFree(); S.write("x", "same"); var g = S.getFree(); S.write("x", "same"); print(f - g, g - S.getFree());
      for (var i = 0; i < 30; i++) S.write("big", String.fromCharCode(65 + i).repeat(40000)); print(S.read("big")[0], S.getFree() < 917504)`
    const { house, board } = oneBoard(program)
    const compacted = collect(house, "storage")
    await house.advance("400ms")
    expect(board.logs.map((log) => log.text)).toEqual(["36 0", "^ true"])
    expect(compacted.filter((event) => event.action === "compact").length).toBe(1)
  })

  test("what does not fit throws, and the old file is lost by then", async () => {
    const program = `${storage} S.write("x", "old");
      try { S.write("x", "n".repeat(920000)) } catch (e) { print(e.message) } print(S.read("x"))`
    expect(await logsOf(program)).toEqual(["Unable to find or create file", "undefined"])
  })

  test("a compaction gives the room of erased files back, and is told", async () => {
    const program = `${storage} S.write("x", "one"); S.write("x", "two"); var a = S.getStats(); S.compact(); var b = S.getStats();
      print(a.trashBytes, b.trashBytes, b.freeBytes - a.freeBytes, S.read("x"), b.totalBytes - b.freeBytes - b.fileBytes)`
    const { house, board } = oneBoard(program)
    const told = collect(house, "storage")
    await house.advance("400ms")
    expect(board.logs.map((log) => log.text)).toEqual(["36 0 36 two 0"])
    expect(told.filter((event) => event.action === "compact").map((event) => event.bytes)).toEqual([36])
  })
})

describe("trap: a changed file is erased before it is rewritten", () => {
  /** What is left of "x" when the power goes at the n-th step of rewriting it. */
  async function cutAt(steps: number): Promise<string | undefined> {
    const { house, board } = oneBoard(
      `${storage} S.write("x", "old!"); setTimeout(function () { S.write("x", "new!"); print("done") }, 100)`,
    )
    await house.advance("400ms")
    board.chip.flash.cutPowerAfter(steps)
    await house.advance("200ms")
    expect(board.chip.state).toBe(steps < 4 ? "off" : "running")
    expect(board.logs.map((log) => log.text)).toEqual(steps < 4 ? [] : ["done"])
    return board.chip.flash.read("x")
  }

  test.each([
    [0, "old!"],
    [1, undefined],
    [2, "\xff\xff\xff\xff"],
    [3, "ne\xff\xff"],
    [4, "new!"],
  ])("power lost after %i steps", async (steps, left) => expect(await cutAt(steps)).toBe(left))

  test("an identical rewrite has no step at which it could be lost", async () => {
    const { house, board } = oneBoard(
      `${storage} S.write("x", "same"); setTimeout(function () { S.write("x", "same"); print("done") }, 100)`,
    )
    await house.advance("400ms")
    board.chip.flash.cutPowerAfter(0)
    await house.advance("200ms")
    expect(board.logs.map((log) => log.text)).toEqual(["done"])
  })
})
