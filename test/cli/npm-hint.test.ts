import { expect, test } from "vitest"
import { npmHint } from "../../tools/cli/npm-hint"

const started = { npm_lifecycle_event: "start" }

test("an option that npm kept for itself is told, with where it belongs", () => {
  expect(npmHint({ ...started, npm_config_speed: "max" }, [])).toBe(
    "npm kept --speed for itself. Options stand behind two dashes: npm start -- --speed ...",
  )
})

test("options that arrived, and runs without npm start, are left alone", () => {
  expect(npmHint({ ...started, npm_config_speed: "max" }, ["sim", "--speed", "5"])).toBeUndefined()
  expect(npmHint({ npm_config_json: "true" }, [])).toBeUndefined()
  expect(npmHint(started, [])).toBeUndefined()
})
