import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
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

  it("gives its .bin files as Espruino's build packs them", async () =>
    expect(sorted(await readFirmwareFile(pack()))).toEqual(sorted(FILES)))

  it.each(["ustar", "gnu", "pax"])("gives files, not links, with names however long (%s)", async (format) => {
    const [at, inside] = [folder(), path.dirname(FILES[0].path)]
    const deep = { path: path.join(inside, "d".repeat(90), "espruino.bin"), bytes: FILES[0].bytes }
    mkdirSync(path.dirname(path.join(at, deep.path)))
    writeFileSync(path.join(at, deep.path), deep.bytes)
    symlinkSync("bootloader.bin", path.join(at, inside, "link.bin"))
    expect(spawnSync("tar", [`--format=${format}`, "-cf", "release.tar", inside], { cwd: at }).status).toBe(0)
    expect(sorted(await readFirmwareFile(path.join(at, "release.tar")))).toEqual(sorted([...FILES, deep]))
  })

  it("that is cut short or has a wrong bit is refused, wherever that is", async () => {
    const whole = readFileSync(pack())
    for (const share of [0.1, 0.5, 0.99]) {
      const at = Math.floor(whole.length * share)
      await expect(readFirmwareFile(put("cut.tgz", whole.subarray(0, at)))).rejects.toThrow(
        /cut\.tgz is damaged .*Download it again/,
      )
      const spoilt = Buffer.from(whole)
      spoilt[at] ^= 1
      await expect(readFirmwareFile(put("spoilt.tgz", spoilt))).rejects.toThrow(/spoilt\.tgz is damaged/)
    }
  })

  it("whose inside is cut short is refused although its compression is whole", async () => {
    const at = folder()
    spawnSync("tar", ["-cf", "release.tar", path.dirname(FILES[0].path)], { cwd: at })
    const tar = readFileSync(path.join(at, "release.tar"))
    await expect(readFirmwareFile(put("whole.tar", tar))).resolves.toHaveLength(3)
    // Behind the header of the folder, and behind the first file: nothing is half there, only the end is missing.
    const firstEnd = 512 * (2 + Math.ceil(parseInt(tar.toString("latin1", 512 + 124, 512 + 135), 8) / 512))
    for (const bytes of [512, firstEnd, 20_000]) {
      const cut = put("cut.tgz", gzipSync(tar.subarray(0, bytes)))
      await expect(readFirmwareFile(cut)).rejects.toThrow(/cut\.tgz is damaged \(its end is missing\)/)
    }
    const spoilt = Buffer.from(tar)
    spoilt[3] ^= 1
    await expect(readFirmwareFile(put("spoilt.tar", spoilt))).rejects.toThrow(
      /spoilt\.tar is damaged \(checksum failure\)/,
    )
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

  it.each(["ZIP_DEFLATED", "ZIP_STORED"] as const)("gives its .bin files (%s)", async (method) =>
    expect(sorted(await readFirmwareFile(pack(method)))).toEqual(sorted(FILES)),
  )

  it("with a comment behind it is read all the same", async () =>
    expect(await readFirmwareFile(pack("ZIP_DEFLATED", 'z.comment = b"built on a Tuesday"'))).toHaveLength(3))

  it.skipIf(WHY_NO_TAR)("may hold a .tgz", async () => {
    const files = await readFirmwareFile(
      pack("ZIP_STORED", `os.system("tar -czf inner.tgz ${path.dirname(FILES[0].path)}"); z.write("inner.tgz")`),
    )
    expect(files).toHaveLength(6)
  })

  it("that is cut short or has a wrong bit in a file is refused", async () => {
    const whole = readFileSync(pack("ZIP_STORED"))
    await expect(readFirmwareFile(put("cut.zip", whole.subarray(0, -200)))).rejects.toThrow(
      /cut\.zip is damaged .*Download it again/,
    )
    const spoilt = Buffer.from(whole)
    spoilt[spoilt.indexOf("Espruino 2v29") + 20] ^= 1
    await expect(readFirmwareFile(put("spoilt.zip", spoilt))).rejects.toThrow(/espruino_esp32\.bin is spoilt/)
    const packed = readFileSync(pack("ZIP_DEFLATED"))
    packed[Math.floor(packed.length / 2)] ^= 1
    await expect(readFirmwareFile(put("spoilt.zip", packed))).rejects.toThrow(/spoilt\.zip is damaged/)
  })

  it("is refused when a file in it is larger than any firmware, or than its directory says", async () => {
    const bomb = readFileSync(pack("ZIP_DEFLATED", 'z.writestr("bomb.bin", bytes(33 << 20))'))
    await expect(readFirmwareFile(put("bomb.zip", bomb))).rejects.toThrow(/\(bomb\.bin is too large\)/)
    bomb.writeUInt32LE(1000, bomb.lastIndexOf("PK\x01\x02") + 24)
    bomb.writeUInt32LE(1000, bomb.lastIndexOf("PK\x03\x04") + 22)
    await expect(readFirmwareFile(put("liar.zip", bomb))).rejects.toThrow(
      /\(bomb\.bin is spoilt: Invalid uncompressed size\)/,
    )
  })

  it("is refused when its files are too many", async () => {
    const many = pack("ZIP_STORED", 'for n in range(5): z.writestr(f"{n}.bin", bytes(30 << 20), 8, 1)')
    await expect(readFirmwareFile(many)).rejects.toThrow(/\(what it holds is too large\)/)
  })

  it("is refused when it is packed in another way", async () => {
    const odd = pack("ZIP_STORED", 'z.writestr("odd.bin", b"x" * 99, zipfile.ZIP_BZIP2)')
    await expect(readFirmwareFile(odd)).rejects.toThrow(/\(odd\.bin is packed in a way that is not known here\)/)
  })
})

describe("gzip", () => {
  it("that unpacks to more than any firmware is refused before it fills the memory", async () =>
    await expect(readFirmwareFile(put("bomb.tgz", gzipSync(Buffer.alloc(33 << 20))))).rejects.toThrow(
      /bomb\.tgz is damaged \(what it holds is too large\)/,
    ))

  it("in gzip without end is refused", async () => {
    let bytes = gzipSync(FILES[2].bytes)
    for (let layers = 1; layers < 4; layers++) bytes = gzipSync(bytes)
    expect(await readFirmwareFile(put("deep.gz", bytes))).toEqual([{ path: "deep.gz", bytes: FILES[2].bytes }])
    await expect(readFirmwareFile(put("deeper.gz", gzipSync(bytes)))).rejects.toThrow(
      /archives in archives without end/,
    )
  })
})

it("a .bin is taken as it is, whatever its name", async () =>
  expect(await readFirmwareFile(put("x.bin", FILES[2].bytes))).toEqual([{ path: "x.bin", bytes: FILES[2].bytes }]))

it("what is not there, or a folder, is told", async () => {
  await expect(readFirmwareFile("/nowhere/espruino.zip")).rejects.toThrow("there is no file /nowhere/espruino.zip.")
  await expect(readFirmwareFile(tmpdir())).rejects.toThrow(/is a folder\. --file takes the \.zip/)
})

it("an empty file, or the page that a link led to, is told as such", async () => {
  await expect(readFirmwareFile(put("empty.zip", Buffer.alloc(0)))).rejects.toThrow(/empty\.zip is empty\. Download it/)
  const pages = ["<!DOCTYPE html><p>404", "\n <html lang=en>", "\xef\xbb\xbf<!-- saved from x -->\n<!doctype HTML>"]
  for (const page of pages)
    await expect(readFirmwareFile(put("page.zip", Buffer.from(page, "latin1")))).rejects.toThrow(
      /page\.zip is a web page: .* Good files are the \.zip of a release/,
    )
})
