import { relative } from "node:path"
import { describeProgram } from "../build/program"
import { EDITOR_SCHEMA_FILE, writeEditorSchema } from "../config/editor-schema"
import { ROOT } from "../root"

export async function writeSchema(): Promise<void> {
  await writeEditorSchema((file) => describeProgram(file, { root: ROOT }))
  process.stdout.write(`wrote ${relative(process.cwd(), EDITOR_SCHEMA_FILE)}\n`)
}
