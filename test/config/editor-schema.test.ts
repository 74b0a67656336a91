import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { describeProgram } from "../../tools/build/program"
import { loadBoards } from "../../tools/config/boards"
import { EDITOR_SCHEMA_FILE, editorSchema, editorSchemaText } from "../../tools/config/editor-schema"
import { ROOT } from "../../tools/root"

const boards = loadBoards()

test("the committed schema is what boards and programs give today", async () => {
  const today = await editorSchemaText((file) => describeProgram(file, { root: ROOT }))
  const committed = JSON.parse(readFileSync(EDITOR_SCHEMA_FILE, "utf8"))
  expect(committed, 'run "npm run motewire schema" and commit the file').toEqual(JSON.parse(today))
})

const schema = editorSchema(
  boards,
  new Map([
    [
      "src/apps/lamp.ts",
      {
        red: { kind: "pin", use: "pwm" },
        level: { kind: "number", default: 5, min: 0, max: 10 },
        fade: { kind: "duration", default: 90_000, min: 0, max: 3_600_000 },
      },
    ],
  ]),
) as any

test("an editor completes boards, parts and the names of pins", () => {
  const { board, settings, parts } = schema.definitions.device.properties
  expect(board.enum).toEqual(boards.map(({ name }) => name))
  expect(settings.additionalProperties.anyOf[0].enum).toContain("GPIO23")
  expect(parts.additionalProperties.properties.part.enum).toContain("dht22")
})

test("a program's settings are known by name, kind, range and default", () => {
  const [ofProgram] = schema.definitions.device.allOf
  expect(ofProgram.if.properties.program).toEqual({ const: "src/apps/lamp.ts" })
  const { properties, required, additionalProperties } = ofProgram.then.properties.settings
  expect([required, additionalProperties]).toEqual([["red"], false])
  expect(properties.level).toEqual({ type: "number", default: 5, minimum: 0, maximum: 10 })
  expect(properties.fade).toMatchObject({ default: "90s", description: "0ms to 1h, or a number of seconds" })
})

test("the pins offered for a setting are those that serve its use on the board", () => {
  const rule = schema.definitions.device.allOf.find((each: any) => each.if.properties.board?.const === "esp32-devkitc")
  const [{ $ref }] = rule.then.properties.settings.properties.red.anyOf
  const pins = schema.definitions[$ref.replace("#/definitions/", "")].enum
  expect(pins).toContain("GPIO16")
  for (const wrong of ["GPIO34", "GPIO6", "GPIO25", "GPIO0"]) expect(pins).not.toContain(wrong)
})

test("a secret may only be named, and unknown keys are wrong", () => {
  const { network } = schema.properties
  expect(network.properties.password).toMatchObject({ type: "object", required: ["env"], additionalProperties: false })
  expect([network.additionalProperties, schema.additionalProperties]).toEqual([false, false])
})
