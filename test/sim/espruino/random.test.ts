import { describe, expect, test } from "vitest"
import { ChipRandom } from "../../../sim/espruino/random"
import { BOARD, RECORD, logsOf } from "../fixture"
import { House } from "../../../sim/house"

const draw = "var r = []; for (var i = 0; i < 3; i++) r.push(Math.random()); print(r.join(), E.hwRand(), getSerial())"

async function twoBoards(program: string, seed: number): Promise<string[][]> {
  const devices = ["one", "two"].map((name) => ({ name, bundle: program, board: BOARD, record: RECORD }))
  const house = new House({ devices, seed })
  house.boot()
  await house.advance("400ms")
  return devices.map(({ name }) => house.device(name).logs[0].text.split(" "))
}

describe("trap: Math.random gives the same sequence on every boot of every chip until E.srand", () => {
  test("on two boards, whatever the seed of the house", async () => {
    const [one, two] = await twoBoards(draw, 1)
    const [other] = await twoBoards(draw, 2)
    expect(one.slice(0, 2)).toEqual(two.slice(0, 2))
    expect(one.slice(0, 2)).toEqual(other.slice(0, 2))
  })

  test("only the serial number differs: by board, by seed, and not by run", async () => {
    const [one, two] = await twoBoards(draw, 1)
    expect(one[2]).toMatch(/^240ac4[0-9a-f]{2}-[0-9a-f]{4}$/)
    expect(one[2]).not.toBe(two[2])
    expect(one[2]).not.toBe((await twoBoards(draw, 2))[0][2])
    expect(one[2]).toBe((await twoBoards(draw, 1))[0][2])
  })

  test("E.srand changes it, and the same seed gives the same again", async () => {
    const seeded = "E.srand(0x12345678); " + draw
    const [first] = await logsOf(seeded)
    expect(first).not.toBe((await logsOf(draw))[0])
    expect(first).toBe((await logsOf(seeded))[0])
  })

  test("a seed with an empty 16-bit half leaves one generator at zero", () => {
    const random = new ChipRandom()
    random.seed(0x1234)
    // z starts as seed >> 16 | seed & 0xffff0000 = 0, and 36969 * 0 stays 0: the upper half is only what w carries over.
    const numbers = Array.from({ length: 50 }, () => random.next())
    expect(Math.max(...numbers)).toBeLessThan(2 ** 31)
    random.seed(0)
    expect([random.next(), random.next()]).toEqual([0, 0])
  })
})
