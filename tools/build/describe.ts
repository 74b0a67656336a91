import { readFileSync } from "node:fs"
import path from "node:path"
import vm from "node:vm"
import { build, type Plugin } from "esbuild"
import { FLAGS } from "../flags.mjs"
import type { SettingKind } from "../../src/device/settings-schema"
import { BuildError, type Problem } from "./problem"
import { refusal } from "./refusal"

/** Stands in the answer for what JSON would leave out. */
const FUNCTION = "(function)"

interface DescribeOptions {
  root?: string
  /** A program that takes longer to load does not end. */
  timeoutMs?: number
}

/** What a program says of itself. */
export interface Description {
  settings: Record<string, SettingKind>
  /** It dials every broker of flash.config.json, not the first alone. */
  isForSeveralBrokers: boolean
  /** Where the program says so: slots are blocks. */
  maxQueued?: number
}

/** Learnt by evaluating the program's file with `__SCHEMA__` true. */
export async function describeProgram(
  programFile: string,
  { root = process.cwd(), timeoutMs = 5000 }: DescribeOptions = {},
): Promise<Description> {
  const from = path.resolve(root)
  const file = path.resolve(from, programFile)
  const name = path.relative(from, file)
  const text = programText(await schemaBundle(file, from), name, timeoutMs)
  if (text === undefined) throw refused(name, "The file does not default-export a program.")
  const described = JSON.parse(text) as Description
  const declared: Record<string, unknown> = described.settings
  const wrong = Object.keys(declared).filter((setting) => !isKind(declared[setting]))
  if (wrong.length > 0) throw new BuildError(wrong.map((setting) => noKind(file, name, setting, declared[setting])))
  return { ...described, isForSeveralBrokers: !!described.isForSeveralBrokers }
}

const isKind = (value: unknown) => typeof (value as { kind?: unknown } | null)?.kind === "string"

/** `fan: 16`: values stand in flash.config.json, and the program says of what kind they are. */
function noKind(file: string, name: string, setting: string, value: unknown): Problem {
  const lines = readFileSync(file, "utf8").split("\n")
  const line = lines.findIndex((each) => new RegExp(`\\b${setting}\\b\\s*:`).test(each))
  const column = line < 0 ? 0 : lines[line].search(new RegExp(`\\b${setting}\\b\\s*:`)) + 1
  const reason = `The setting ${setting} is declared as ${written(value)}, which is no kind of setting.`
  const kinds = typeof value === "string" ? "text()" : typeof value === "boolean" ? "flag()" : "output()"
  const more = kinds === "output()" ? " for a pin (or wire(), pwm(), input()), number() or seconds() for a value" : ""
  const remedy = `Write \`${setting}: ${kinds}\`${more}; the value itself stands in flash.config.json.`
  return { file: name, line: line + 1, column, reason, remedy }
}

const written = (value: unknown) => (value === FUNCTION ? "a function that is not called" : JSON.stringify(value))

/** `require` is the chip's own in the files that know the chip, and nothing of them runs here. */
const chipModules: Plugin = {
  name: "motewire-chip-modules",
  setup({ onResolve }) {
    onResolve({ filter: /^(net|tls|neopixel|crypto|Wifi|Storage)$/ }, ({ kind }) =>
      kind === "require-call" ? { external: true } : undefined,
    )
  },
}

async function schemaBundle(programFile: string, root: string): Promise<string> {
  const bundling = build({
    entryPoints: [programFile],
    absWorkingDir: root,
    bundle: true,
    write: false,
    format: "iife",
    globalName: "described",
    platform: "neutral",
    alias: { motewire: path.join(root, "src") },
    define: { ...FLAGS, __SCHEMA__: "true" },
    logLevel: "silent",
    plugins: [chipModules],
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  })
  const result = await bundling.catch((error: unknown) => {
    throw refusal(error, root)
  })
  return result.outputFiles[0].text
}

/** An empty context: a program that needs the chip to be loaded shows it here. */
function programText(code: string, file: string, timeoutMs: number): string | undefined {
  try {
    const plain = `(key, value) => typeof value === "function" ? "${FUNCTION}" : value`
    const settings = "described.default && described.default.settings"
    const parts =
      "{ settings: described.default.settings, isForSeveralBrokers: described.default.isForSeveralBrokers, maxQueued: described.default.maxQueued }"
    const ask = `(${settings}) === undefined ? undefined : JSON.stringify(${parts}, ${plain})`
    return vm.runInNewContext(`${code}\n${ask}`, {}, { timeout: timeoutMs })
  } catch (error) {
    throw refused(file, `The file cannot be loaded without a chip: ${(error as Error).message}.`)
  }
}

function refused(file: string, reason: string): BuildError {
  const remedy =
    "Write `export default program({ ...settings }, ({ settings }) => { ... })` and work only inside of it."
  return new BuildError([{ file, line: 0, column: 0, reason, remedy }])
}
