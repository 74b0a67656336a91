import net from "node:net"
import mqtt from "mqtt"
import { afterEach, expect, test } from "vitest"
import { bench } from "./peer"

const table = bench()
afterEach(() => table.broker.close())

test("a client of somebody else's making connects, publishes and hears", async () => {
  const { url, port } = await table.broker.listen(0)
  expect([url, table.broker.url]).toEqual([`mqtt://127.0.0.1:${port}`, url])
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 })
  const heard = new Promise<string>((resolve) =>
    client.on("message", (topic, payload) => resolve(`${topic} ${payload}`)),
  )
  await client.subscribeAsync("to/client", { qos: 2 })
  await client.publishAsync("from/client", "hello", { qos: 2 })
  expect(table.broker.messages.at(-1)).toMatchObject({ topic: "from/client", payload: "hello", qos: 2 })
  table.broker.publish("to/client", "hi", { qos: 2 })
  expect(await heard).toBe("to/client hi")
  await client.endAsync()
})

test("a port in use is a clear error that keeps its code", async () => {
  const { port } = await table.broker.listen(0)
  await expect(bench().broker.listen(port)).rejects.toMatchObject({
    code: "EADDRINUSE",
    message: `cannot listen at 127.0.0.1:${port}: another program uses it`,
  })
  await expect(table.broker.listen(port)).rejects.toThrow(/listens at .* already/)
})

test("a stopped broker closes who comes, and a closed door can be opened again", async () => {
  const { port } = await table.broker.listen(0)
  table.broker.stop()
  const socket = net.connect(port, "127.0.0.1")
  await new Promise((resolve) => socket.on("close", resolve))
  table.broker.start()
  await table.broker.close()
  await table.broker.listen(port)
  expect(table.broker.url).toContain(String(port))
})
