import { describe, expect, test } from "vitest"
import { House } from "../../../sim/house"
import { plugIn } from "../../../sim/console/line"
import { BOARD } from "../fixture"
import { comparable, CONVERSATIONS } from "./conversations"

describe("the console answers as the interpreter does", () => {
  test.each(Object.entries(CONVERSATIONS))("%s", async (_, exchanges) => {
    const house = new House({ devices: [{ name: "board", board: BOARD, bundle: "" }] })
    const line = plugIn(house, "board", (run) => run())
    let answered = ""
    line.onData((bytes) => (answered += bytes))
    house.boot()
    await house.advance("1s")
    for (const [sent, answer] of exchanges) {
      answered = ""
      line.write(sent)
      await house.advance("300ms")
      expect([sent, comparable(answered)]).toEqual([sent, answer])
    }
  })
})
