import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { z } from "zod"
import type { PinUse, SettingKind } from "../../src/device/settings-schema"
import { ROOT } from "../root"
import { loadBoards, type Board } from "./boards"
import type { Describe } from "./device"
import { durationText } from "./duration"
import { PARTS } from "./parts"
import { goodPins, PIN_USES } from "./pins"
import type { SettingsSchema } from "./settings"
import { configShape, deviceShape, oneBrokerOrSeveral } from "./shape"

export const EDITOR_SCHEMA_FILE = join(ROOT, "tools/config/flash.config.schema.json")

/** Programs whose settings the editor knows: those that ship and the examples. */
function shippedPrograms(root = ROOT): string[] {
  const isProgram = (file: string) => /^export default program\b/m.test(readFileSync(join(root, file), "utf8"))
  const filesIn = (folder: string) => readdirSync(join(root, folder)).filter((file) => /(?<!\.d)\.ts$/.test(file))
  const files = ["src/apps", "examples"].flatMap((folder) => filesIn(folder).map((file) => `${folder}/${file}`))
  return files.filter(isProgram).sort()
}

export async function writeEditorSchema(describe: Describe): Promise<void> {
  writeFileSync(EDITOR_SCHEMA_FILE, await editorSchemaText(describe))
}

/** The JSON schema as committed, one text for the same sources: a test compares it. */
export async function editorSchemaText(describe: Describe): Promise<string> {
  const programs = shippedPrograms()
  const described = await Promise.all(programs.map((file) => describe(join(ROOT, file))))
  return (
    JSON.stringify(
      editorSchema(loadBoards(), new Map(programs.map((file, i) => [file, described[i].settings]))),
      null,
      2,
    ) + "\n"
  )
}

export function editorSchema(boards: Board[], programs: Map<string, SettingsSchema>): object {
  const names = boards.map(({ name }) => name)
  const pins = [...new Set(boards.flatMap((board) => Object.keys(board.pins)))]
  const device = deviceShape(names, pins, Object.keys(PARTS)).meta({ id: "device" })
  // draft-7: the newest that VS Code's JSON language service supports in full.
  const schema = z.toJSONSchema(configShape(device, oneBrokerOrSeveral()), { target: "draft-7", io: "input" })
  const definitions = schema.definitions as Record<string, object | false>
  for (const board of boards) for (const use of PIN_USES) definitions[pinsName(board, use)] = pinsFor(board, use)
  const { device: definition } = definitions as Record<string, { allOf?: object[] }>
  definition.allOf = [...programs].flatMap(([program, settings]) => [
    programRule(program, settings),
    ...boards.flatMap((board) => boardRule(program, settings, board)),
  ])
  return schema
}

/** "When the program is this one, these are its settings." */
function programRule(program: string, settings: SettingsSchema): object {
  const names = Object.keys(settings)
  const required = names.filter((name) => isRequired(settings[name]))
  const properties = Object.fromEntries(names.map((name) => [name, valueSchema(settings[name])]))
  return {
    if: { properties: { program: { const: program } }, required: ["program"] },
    then: { properties: { settings: { properties, required, additionalProperties: false } } },
  }
}

/** "... and when the board is this one, these pins serve each of them." Suggestions only: other pins come with a warning. */
function boardRule(program: string, settings: SettingsSchema, board: Board): object[] {
  const pins = Object.entries(settings).flatMap(([name, kind]) =>
    kind.kind === "pin"
      ? [[name, { anyOf: [{ $ref: `#/definitions/${pinsName(board, kind.use)}` }, { type: "string" }] }]]
      : [],
  )
  if (pins.length === 0) return []
  const rule = {
    if: { properties: { program: { const: program }, board: { const: board.name } }, required: ["program", "board"] },
    then: { properties: { settings: { properties: Object.fromEntries(pins) } } },
  }
  return [rule]
}

/** Each list stands once: with every board under every program the file would be three times as long. */
const pinsName = (board: Board, use: PinUse) => `${board.name}-${use}`

function pinsFor(board: Board, use: PinUse): object | false {
  const good = goodPins(board, use)
  return good.length > 0 ? { enum: good } : false
}

const isRequired = (kind: SettingKind) => kind.kind === "pin" || kind.kind === "pins" || kind.default === undefined

function pinsSchema(roles: Record<string, PinUse>): object {
  const pins = Object.entries(roles).map(([role, use]) => [role, valueSchema({ kind: "pin", use })])
  const properties = Object.fromEntries(pins)
  return { type: "object", properties, required: Object.keys(roles), additionalProperties: false }
}

function valueSchema(kind: SettingKind): object {
  if (kind.kind === "pins") return pinsSchema(kind.roles)
  if (kind.kind === "pin") return { type: "string", description: `A pin for ${kind.use}, by name` }
  if (kind.kind === "flag") return { type: "boolean", default: kind.default }
  if (kind.kind === "text")
    return { type: "string", default: kind.default, description: `At most ${kind.maxBytes} bytes` }
  if (kind.kind === "number") return { type: "number", default: kind.default, minimum: kind.min, maximum: kind.max }
  return {
    anyOf: [
      { type: "string", pattern: "^\\d+(\\.\\d+)?\\s*(ms|s|min|h)$" },
      { type: "number", minimum: kind.min / 1000, maximum: kind.max / 1000 },
    ],
    default: kind.default === undefined ? undefined : durationText(kind.default),
    description: `${durationText(kind.min)} to ${durationText(kind.max)}, or a number of seconds`,
  }
}
