import fs, { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, test } from "vitest"
import { writeAll, type Disk } from "../../tools/cli/build/write"

const folder = () => mkdtempSync(join(tmpdir(), "motewire-write-"))
const outputs = (root: string, text = "new") => [
  { path: join(root, "dist", "bulb.js"), text },
  { path: join(root, "dist", "bulb.js.map"), text: `${text} map` },
]

/** A disk on which the n-th call of one kind fails. */
function failing(call: keyof Disk, nth: number, code: string): Disk {
  let calls = 0
  const spoilt = (...args: unknown[]) => {
    if (++calls === nth) throw Object.assign(new Error(`${code}: told by the disk`), { code })
    return (fs[call] as (...args: unknown[]) => unknown)(...args)
  }
  return { ...fs, [call]: spoilt }
}

test("makes dist and leaves nothing but the files", () => {
  const root = folder()
  writeAll(outputs(root))
  expect(readdirSync(join(root, "dist")).sort()).toEqual(["bulb.js", "bulb.js.map"])
  expect(readFileSync(join(root, "dist", "bulb.js"), "utf8")).toBe("new")
})

test.each([
  ["mkdirSync", 1, "EACCES", /cannot write .*dist: permission denied\. Check who owns it/],
  ["mkdirSync", 1, "EROFS", /cannot write .*dist: the file system is read-only\. Build in a folder/],
  ["writeFileSync", 2, "ENOSPC", /cannot write .*bulb\.js\.map: the disk is full\. Free some space/],
  ["renameSync", 1, "EPERM", /cannot write .*bulb\.js: the operation is not permitted/],
  ["writeFileSync", 1, "EWEIRD", /cannot write .*bulb\.js: EWEIRD: told by the disk/],
] as const)("when %s call %i fails with %s the last good files stay, whole", (call, nth, code, message) => {
  const root = folder()
  writeAll(outputs(root, "old"))
  expect(() => writeAll(outputs(root), failing(call, nth, code))).toThrow(message)
  expect(readdirSync(join(root, "dist")).sort()).toEqual(["bulb.js", "bulb.js.map"])
  expect(readFileSync(join(root, "dist", "bulb.js"), "utf8")).toBe("old")
  expect(readFileSync(join(root, "dist", "bulb.js.map"), "utf8")).toBe("old map")
})

test("a file in the place of dist is named, with what to do", () => {
  const root = folder()
  writeFileSync(join(root, "dist"), "")
  expect(() => writeAll(outputs(root))).toThrow(/cannot write .*dist: a file of that name is in the way\. Move it/)
})
