import { expect, test } from "vitest"
import { blocksFault } from "../../tools/config/blocks"

const board = { name: "small board", memory: { blocks: 2500, blockBytes: 14 } }

test.each([
  [2272, undefined],
  // 2273 and its tenth are more than 2500
  [2273, false],
  [2500, false],
  [2501, true],
])("a forecast of %i blocks on a board of 2500 is fatal: %s", (forecast, isFatal) => {
  expect(blocksFault(board, forecast, "devices.bulb.program")?.isFatal).toBe(isFatal)
})

test("says key, figures and what helps", () => {
  expect(blocksFault(board, 3012.4, "devices.bulb.program")?.problem).toEqual({
    key: "devices.bulb.program",
    reason: "the program needs some 3012 blocks of memory, and small board has 2500 to plan for",
    remedy:
      "Leave out drivers and options it can do without: motewire build --why says what takes room. " +
      "If yours has more (process.memory().total), write that into its file in boards.",
  })
  expect(blocksFault(board, 2400, "devices.bulb.program")?.problem.reason).toBe(
    "the program needs some 2400 blocks of memory, close to the 2500 of small board",
  )
})
