import { beforeEach, describe, expect, it } from "vitest"
import { Levels } from "../../tools/record/levels"

let edges: string[], levels: Levels

beforeEach(() => {
  edges = []
  levels = new Levels(
    (pin) => `GPIO${pin}`,
    (atUs, event) => event.kind === "pin" && edges.push(`${atUs} ${event.pin} ${event.level} ${event.by}`),
  )
})

describe("levels", () => {
  it("that the chip writes are edges where they change", () => {
    levels.write(10, 4, 0)
    levels.write(20, 4, 0)
    levels.write(30, 4, 1)
    expect(edges).toEqual(["10 GPIO4 fall chip", "30 GPIO4 rise chip"])
  })

  it("of a watched wire are the falls that were seen, with the rise before each", () => {
    levels.write(0, 4, 1)
    levels.fall(100, 4, undefined)
    levels.fall(200, 4, 70)
    expect(edges.slice(1)).toEqual(["100 GPIO4 fall outside", "130 GPIO4 rise outside", "200 GPIO4 fall outside"])
  })

  it("of a wire come to rest before the chip takes it again", () => {
    levels.write(0, 4, 1)
    levels.fall(100, 4, undefined)
    levels.write(5000, 4, 0)
    expect(edges.slice(2)).toEqual(["154 GPIO4 rise outside", "5000 GPIO4 fall chip"])
  })

  it("leave out the fall that the chip made itself and its own watch saw", () => {
    levels.write(0, 4, 1)
    levels.write(1000, 4, 0)
    levels.fall(1003, 4, undefined)
    levels.write(3000, 4, 1)
    levels.end()
    expect(edges).toEqual(["0 GPIO4 rise chip", "1000 GPIO4 fall chip", "3000 GPIO4 rise chip"])
  })

  it("of an input changed 25 ms before the program heard of it", () => {
    levels.change(100_000, 17, 0)
    levels.change(110_000, 17, 1)
    // Never before the program had heard of the last.
    expect(edges).toEqual(["75000 GPIO17 fall outside", "100001 GPIO17 rise outside"])
  })

  it("that the program read and that were told in a moment are one edge", () => {
    levels.look(90_000, 17, 0)
    levels.change(100_000, 17, 0)
    levels.look(120_000, 17, 0)
    levels.end()
    expect(edges).toEqual(["75000 GPIO17 fall outside"])
  })

  it("that the program read and never heard of stood for that moment", () => {
    levels.look(90_000, 17, 0)
    levels.settle(114_000)
    expect(edges).toEqual([])
    levels.settle(116_000)
    expect(edges).toEqual(["89999 GPIO17 fall outside", "90001 GPIO17 rise outside"])
  })
})
