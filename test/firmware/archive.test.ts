import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { readFirmwareFile } from "../../tools/firmware/archive"
import { release } from "./images"

const runs = (command: string, ...args: string[]) => spawnSync(command, args).status === 0
const WHY_NO_TAR = runs("tar", "--version") ? undefined : "no tar"
const WHY_NO_ZIP = runs("python3", "-c", "import zipfile") ? undefined : "no python3"

const FILES = release("ESP32")

/** A folder with a release in it, and a file that is none of ours. */
function folder(): string {
  const at = mkdtempSync(path.join(tmpdir(), "motewire-archive-"))
  for (const file of [
    ...FILES,
    { path: `${path.dirname(FILES[0].path)}/README_flash.txt`, bytes: Buffer.from("how") },
  ]) {
    mkdirSync(path.dirname(path.join(at, file.path)), { recursive: true })
    writeFileSync(path.join(at, file.path), file.bytes)
  }
  return at
}

const put = (name: string, bytes: Buffer) => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "motewire-archive-")), name)
  writeFileSync(file, bytes)
  return file
}

const sorted = (files: { path: string; bytes: Buffer }[]) =>
  files.map(({ path, bytes }) => [path, bytes.toString("base64")]).sort(([a], [b]) => (a < b ? -1 : 1))

describe.skipIf(WHY_NO_TAR)(`a .tgz${WHY_NO_TAR ? ` (skipped: ${WHY_NO_TAR})` : ""}`, () => {
  function pack(): string {
    const at = folder()
    spawnSync("tar", ["-czf", "release.tgz", path.dirname(FILES[0].path)], { cwd: at })
    return path.join(at, "release.tgz")
  }

  it("gives its .bin files as Espruino's build packs them", () =>
    expect(sorted(readFirmwareFile(pack()))).toEqual(sorted(FILES)))

  it("that is cut short or has a wrong bit is refused, wherever that is", () => {
    const whole = readFileSync(pack())
    for (const share of [0.1, 0.5, 0.99]) {
      const at = Math.floor(whole.length * share)
      expect(() => readFirmwareFile(put("cut.tgz", whole.subarray(0, at)))).toThrow(
        /cut\.tgz is damaged .*Download it again/,
      )
      const spoilt = Buffer.from(whole)
      spoilt[at] ^= 1
      expect(() => readFirmwareFile(put("spoilt.tgz", spoilt))).toThrow(/spoilt\.tgz is damaged/)
    }
  })

  it("whose inside is cut short is refused although its compression is whole", () => {
    const at = folder()
    spawnSync("tar", ["-cf", "release.tar", path.dirname(FILES[0].path)], { cwd: at })
    const tar = readFileSync(path.join(at, "release.tar"))
    expect(readFirmwareFile(put("whole.tar", tar))).toHaveLength(3)
    expect(() => readFirmwareFile(put("cut.tgz", gzipSync(tar.subarray(0, 20_000))))).toThrow(/its end is missing/)
    const spoilt = Buffer.from(tar)
    spoilt[3] ^= 1
    expect(() => readFirmwareFile(put("spoilt.tar", spoilt))).toThrow(/a header's checksum is wrong/)
  })
})

describe.skipIf(WHY_NO_ZIP)(`a .zip${WHY_NO_ZIP ? ` (skipped: ${WHY_NO_ZIP})` : ""}`, () => {
  function pack(method: "ZIP_DEFLATED" | "ZIP_STORED", more = ""): string {
    const at = folder()
    const code = `import zipfile, os
z = zipfile.ZipFile("release.zip", "w", zipfile.${method})
for root, _, names in os.walk("."):
    for name in names:
        if name != "release.zip": z.write(os.path.join(root, name))
${more}
z.close()`
    expect(spawnSync("python3", ["-c", code], { cwd: at, encoding: "utf8" }).stderr).toBe("")
    return path.join(at, "release.zip")
  }

  it.each(["ZIP_DEFLATED", "ZIP_STORED"] as const)("gives its .bin files (%s)", (method) =>
    expect(sorted(readFirmwareFile(pack(method)))).toEqual(sorted(FILES)),
  )

  it("with a comment behind it is read all the same", () =>
    expect(readFirmwareFile(pack("ZIP_DEFLATED", 'z.comment = b"built on a Tuesday"'))).toHaveLength(3))

  it.skipIf(WHY_NO_TAR)("may hold a .tgz", () => {
    const files = readFirmwareFile(
      pack("ZIP_STORED", `os.system("tar -czf inner.tgz ${path.dirname(FILES[0].path)}"); z.write("inner.tgz")`),
    )
    expect(files).toHaveLength(6)
  })

  it("that is cut short or has a wrong bit in a file is refused", () => {
    const whole = readFileSync(pack("ZIP_STORED"))
    expect(() => readFirmwareFile(put("cut.zip", whole.subarray(0, -200)))).toThrow(
      /cut\.zip is damaged .*Download it again/,
    )
    const spoilt = Buffer.from(whole)
    spoilt[spoilt.indexOf("Espruino 2v29") + 20] ^= 1
    expect(() => readFirmwareFile(put("spoilt.zip", spoilt))).toThrow(/espruino_esp32\.bin is spoilt/)
    const packed = readFileSync(pack("ZIP_DEFLATED"))
    packed[Math.floor(packed.length / 2)] ^= 1
    expect(() => readFirmwareFile(put("spoilt.zip", packed))).toThrow(/spoilt\.zip is damaged/)
  })
})

it("a .bin is taken as it is, whatever its name", () =>
  expect(readFirmwareFile(put("x.bin", FILES[2].bytes))).toEqual([{ path: "x.bin", bytes: FILES[2].bytes }]))

it("what is not there, or a folder, is told", () => {
  expect(() => readFirmwareFile("/nowhere/espruino.zip")).toThrow("there is no file /nowhere/espruino.zip.")
  expect(() => readFirmwareFile(tmpdir())).toThrow(/is a folder\. --file takes the \.zip/)
})
