import fs from "node:fs"
import path from "node:path"
import { Failure } from "../../failure"

/** The few calls that touch the disk, so that a test can play a full one. */
export type Disk = Pick<typeof fs, "mkdirSync" | "writeFileSync" | "renameSync" | "rmSync">

export interface OutputFile {
  path: string
  /** As UTF-8, or bytes. */
  text: string | Buffer
}

/**
 * All files or none: each is written whole under a name of its own first, and renamed only when every one is on disk.
 * A build that fails half-way leaves the last good bundle where it was.
 */
export function writeAll(files: OutputFile[], disk: Disk = fs): void {
  const drafts = files.map((file) => ({ ...file, draft: `${file.path}.${process.pid}.tmp` }))
  let at = ""
  try {
    for (const { path: target, draft, text } of drafts) {
      at = path.dirname(target)
      disk.mkdirSync(at, { recursive: true })
      at = target
      disk.writeFileSync(draft, text, "utf8")
    }
    for (const { path: target, draft } of drafts) {
      at = target
      disk.renameSync(draft, target)
    }
  } catch (error) {
    for (const { draft } of drafts) removeQuietly(draft, disk)
    throw new Failure(`cannot write ${shown(at)}: ${remedyFor(error as NodeJS.ErrnoException)}`)
  }
}

const REMEDIES: Record<string, string> = {
  EACCES: "permission denied. Check who owns it with ls -ld, or remove it if it was made by another user.",
  EPERM: "the operation is not permitted. Check who owns it with ls -ld, and its mount.",
  ENOSPC: "the disk is full. Free some space (df -h) and build again.",
  EDQUOT: "the disk quota is used up. Free some space and build again.",
  EROFS: "the file system is read-only. Build in a folder that can be written.",
  EEXIST: "a file of that name is in the way. Move it: a folder must stand there.",
  ENOTDIR: "a file of that name is in the way. Move it: a folder must stand there.",
  EISDIR: "a folder of that name is in the way. Move it: a file must stand there.",
}

function remedyFor(error: NodeJS.ErrnoException): string {
  return REMEDIES[error.code ?? ""] ?? `${error.message}.`
}

function removeQuietly(file: string, disk: Disk): void {
  try {
    disk.rmSync(file, { force: true })
  } catch {
    // The first failure is the one to tell; on a dead disk the draft stays, under a name nothing reads.
  }
}

/** Relative where that is shorter: "dist/climate.js". */
function shown(file: string): string {
  const relative = path.relative(process.cwd(), file)
  return relative.length < file.length ? relative : file
}
