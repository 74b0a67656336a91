import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { broken } from "./check"

const FOLDERS = ["src", "examples", "sim", "tools"]

/** Files of code, from the root with slashes. */
function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ts$/.test(name) && !name.endsWith(".d.ts"))
    .map((name) => path.join(folder, name).replaceAll(path.sep, "/"))
    .sort()
}

describe("the house keeps its rules", () => {
  for (const folder of FOLDERS) {
    it(folder, () => {
      expect(filesOf(folder).flatMap((file) => broken(file, readFileSync(file, "utf8")))).toEqual([])
    })
  }

  it("has device code to check", () => {
    expect(filesOf("src").length).toBeGreaterThan(10)
  })
})
