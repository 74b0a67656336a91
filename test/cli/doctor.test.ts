import { createServer, type AddressInfo } from "node:net"
import { expect, it } from "vitest"
import { brokerFinding, nodeFinding, noPort, portFinding } from "../../tools/cli/doctor"

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

it("reaches a broker or says what to do", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const { port } = server.address() as AddressInfo
  expect(await brokerFinding({ host: "127.0.0.1", port })).toEqual({ what: `broker 127.0.0.1:${port}` })
  await new Promise((resolve) => server.close(resolve))
  expect((await brokerFinding({ host: "127.0.0.1", port })).remedy).toMatch(/ECONNREFUSED.*Start it/)
})
