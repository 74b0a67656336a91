import path from "node:path"
import vm from "node:vm"
import { build } from "esbuild"
import type { SettingKind } from "../../src/device/settings-schema"
import { BuildError } from "./problem"
import { refusal } from "./refusal"

export interface DescribeOptions {
  root?: string
  /** A program that takes longer to load does not end. */
  timeoutMs?: number
}

/** The settings a program declares, learnt by evaluating its file with `__SCHEMA__` true. */
export async function describeProgram(
  programFile: string,
  { root = process.cwd(), timeoutMs = 5000 }: DescribeOptions = {},
): Promise<Record<string, SettingKind>> {
  const from = path.resolve(root)
  const file = path.resolve(from, programFile)
  const text = settingsText(await schemaBundle(file, from), path.relative(from, file), timeoutMs)
  if (text === undefined) throw refused(path.relative(from, file), "The file does not default-export a program.")
  return JSON.parse(text)
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
    define: { __SCHEMA__: "true" },
    logLevel: "silent",
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  })
  const result = await bundling.catch((error: unknown) => {
    throw refusal(error, root)
  })
  return result.outputFiles[0].text
}

/** An empty context: a program that needs the chip to be loaded shows it here. */
function settingsText(code: string, file: string, timeoutMs: number): string | undefined {
  try {
    const ask = "JSON.stringify(described.default && described.default.settings)"
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
