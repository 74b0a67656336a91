import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { plot } from "../../tools/bench/reconnect"

test("docs/reconnect.svg is what the code of today draws (npm run plot)", () => {
  expect(plot()).toBe(readFileSync("docs/reconnect.svg", "utf8"))
})
