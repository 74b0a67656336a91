import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, test } from "vitest"

/**
 * What clients of MQTT get wrong is a list of 44 edges, by number; each has tests that bear its number and cite its clauses. Those of
 * 3.1.1 are in edges-*.test.ts here, those of 5.0 in v5.
 */
const EDGES = 44

const texts = readdirSync("test/mqtt", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => readFileSync(path.join("test/mqtt", name), "utf8"))

describe("the edges", () => {
  test.each(Array.from({ length: EDGES }, (_, i) => i + 1))("%i has a test named after it", (edge) => {
    const name = new RegExp(`["'\`]edge ${edge}: `)
    expect(texts.filter((text) => name.test(text)).length).toBeGreaterThan(0)
  })
})
