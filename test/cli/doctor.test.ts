import { mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { expect, it, vi } from "vitest"
import { brokerFinding, doctor, nodeFinding, noPort, portFinding } from "../../tools/cli/doctor"
import { listening } from "./listening"

it("knows which Node is too old", () => {
  expect(nodeFinding("v20.18.9").remedy).toMatch(/20\.19/)
  expect(nodeFinding("v20.19.0").remedy).toBeUndefined()
  expect(nodeFinding("v22.1.0").remedy).toBeUndefined()
})

it("says how to get at a port, or at none", () => {
  expect(portFinding({ path: "/dev/ttyUSB0" }, false).remedy).toMatch(/dialout/)
  expect(portFinding({ path: "/dev/ttyUSB0" }, true).remedy).toBeUndefined()
  expect(noPort("linux").remedy).toMatch(/cable/)
  expect(noPort("darwin").remedy).toMatch(/driver/)
})

const connack = (returnCode: number) => listening((_, socket) => socket.write(Buffer.from([0x20, 2, 0, returnCode])))

it("tells a login that the broker refuses, or wants, but not once more what is not set", async () => {
  const address = await connack(5)
  const name = `broker 127.0.0.1:${address.port}`
  expect(await brokerFinding(address)).toMatchObject({
    what: `${name} wants a login`,
    remedy: expect.stringMatching(/MQTT_PASSWORD/),
  })
  expect(await brokerFinding(await connack(4), { user: "lamp", password: "secret-word" })).toEqual({
    what: expect.stringMatching(/refuses the login of "lamp"$/),
    remedy: expect.not.stringContaining("secret-word"),
  })
  expect(await brokerFinding(address, { user: "lamp" }, true)).toEqual({ what: `${name}: an MQTT broker answers` })
})

it("doubts a port where something else answers, or hangs up", async () => {
  const web = await listening((_, socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))
  const tls = await listening((_, socket) => socket.destroy())
  for (const address of [web, tls]) {
    const finding = await brokerFinding(address)
    expect(finding).toMatchObject({ isDoubt: true, remedy: expect.stringMatching(/TLS or WebSocket.*1883/) })
    expect(finding.what).toMatch(/answers, but not in MQTT$/)
  }
})

it("says what to do about a broker that is not there", async () => {
  expect((await brokerFinding({ host: "127.0.0.1", port: 1 })).remedy).toMatch(/ECONNREFUSED.*Start it/)
  expect((await brokerFinding({ host: "nowhere.invalid", port: 1883 })).remedy).toMatch(
    /No address is known for nowhere/,
  )
})

it("says of secrets by name what is wrong, under a headline of their own", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "motewire-doctor-"))
  const { host, port } = await connack(0)
  const file = path.join(folder, "flash.config.json")
  const network = { ssid: "workshop", password: { env: "MOTEWIRE_TEST_WIFI" } }
  const device = { board: "esp32-devkitc", program: "one.ts" }
  writeFileSync(file, JSON.stringify({ network, broker: { host, port }, devices: { one: device } }))
  writeFileSync(
    path.join(folder, "one.ts"),
    'import { program } from "motewire"\nexport default program({}, () => {})\n',
  )
  writeFileSync(path.join(folder, ".env.local"), "the password is correct-horse\n")
  let out = ""
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => !!(out += String(text)))
  const code = await doctor(file).finally(() => write.mockRestore())
  expect(code).toBe(1)
  expect(out).toContain(`ok     ${file}: 1 device\n`)
  expect(out).toMatch(/^wrong {2}\.env\.local: line 1 assigns nothing\n {7}Write NAME=value/m)
  expect(out).toMatch(/^wrong {2}MOTEWIRE_TEST_WIFI is not set\n {7}.*to flash a board put MOTEWIRE_TEST_WIFI=\.\.\./m)
  expect(out).toMatch(/^ok {5}broker \S+: an MQTT broker answers$/m)
  expect(out).not.toContain("correct-horse")
})
