import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, describe, expect, it, vi } from "vitest"
import { choosePort, findPorts, portText } from "../../tools/serial/find"

const BRIDGE = { path: "/dev/ttyUSB0", make: "Silicon Labs", serialNumber: "0001", id: "10c4:ea60", chip: "CP210x" }
const OTHER = { path: "/dev/ttyUSB1", make: "1a86", id: "1a86:7523", chip: "CH340 or CH910x" }
const MODEM = { path: "/dev/ttyACM9", make: "Modem", id: "1111:2222" }
const nobody = { isTerminal: false, ask: () => Promise.reject(new Error("asked")) }

it("takes the one board, whatever else is plugged in", async () => {
  expect(await choosePort([MODEM, BRIDGE], nobody)).toBe("/dev/ttyUSB0")
  expect(await choosePort([MODEM], nobody)).toBe("/dev/ttyACM9")
})

it("says so when there is none", () => expect(choosePort([], nobody)).rejects.toThrow(/no board.*cables.*doctor/s))

it("lists several with make and serial number, and does not guess", () =>
  expect(choosePort([BRIDGE, OTHER], nobody)).rejects.toThrow(
    /--port.*ttyUSB0, Silicon Labs, CP210x, 10c4:ea60, serial number 0001.*ttyUSB1/s,
  ))

it("asks on a terminal", async () => {
  const answering = (answer: string) => ({ isTerminal: true, ask: () => Promise.resolve(answer) })
  expect(await choosePort([BRIDGE, OTHER], answering("2"))).toBe("/dev/ttyUSB1")
  expect(await choosePort([BRIDGE, OTHER], answering("/dev/ttyUSB0"))).toBe("/dev/ttyUSB0")
  await expect(choosePort([BRIDGE, OTHER], answering("9"))).rejects.toThrow(/none of them/)
})

it("writes a port that it knows nothing of", () => expect(portText({ path: "COM3" })).toBe("COM3, unknown make"))

const WHY_NO_UDEV = process.platform === "linux" ? undefined : "only Linux asks udevadm"

describe.skipIf(WHY_NO_UDEV)(`ports of a Linux${WHY_NO_UDEV ? ` (skipped: ${WHY_NO_UDEV})` : ""}`, () => {
  afterEach(() => void vi.unstubAllEnvs())

  it.each([
    ["is not there", undefined, 0],
    ["may not be run", "#!/bin/sh\n", 0o644],
    ["fails", "#!/bin/sh\nexit 3\n", 0o755],
  ])("are found by their files where udevadm %s", async (_, script, mode) => {
    const folder = mkdtempSync(path.join(tmpdir(), "motewire-udev-"))
    if (script) writeFileSync(path.join(folder, "udevadm"), script, { mode })
    vi.stubEnv("PATH", folder)
    for (const { path: file, make, chip } of await findPorts())
      expect([file, make, chip]).toEqual([expect.stringMatching(/^\/dev\/tty(USB|ACM)\d+$/), undefined, undefined])
  })

  it("are those that udevadm tells", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "motewire-udev-"))
    const told = [
      "P: /devices/1",
      "N: ttyUSB7",
      "E: DEVNAME=/dev/ttyUSB7",
      "E: ID_VENDOR_ID=10c4",
      "E: ID_MODEL_ID=ea60",
    ]
    writeFileSync(path.join(folder, "udevadm"), `#!/bin/sh\necho '${told.join("\n")}'\n`, { mode: 0o755 })
    vi.stubEnv("PATH", folder)
    expect(await findPorts()).toMatchObject([{ path: "/dev/ttyUSB7", id: "10c4:ea60", chip: "CP210x" }])
  })
})
