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

test("a 5.0 client of somebody else's making, with aliases, properties and options", async () => {
  const { url } = await table.broker.listen(0)
  const client = await mqtt.connectAsync(url, {
    ...{ protocolVersion: 5, reconnectPeriod: 0, clientId: "js", autoAssignTopicAlias: true },
    properties: { topicAliasMaximum: 5, sessionExpiryInterval: 60, receiveMaximum: 1 },
  })
  const heard: string[] = []
  const all = new Promise<void>((resolve) =>
    client.on("message", (topic, payload, { properties }) => {
      heard.push(`${topic} ${payload} ${properties?.subscriptionIdentifier} ${properties?.userProperties?.a}`)
      if (heard.length === 3) resolve()
    }),
  )
  const granted = await client.subscribeAsync({ "to/+": { qos: 2, nl: true } }, {
    properties: { subscriptionIdentifier: 7 },
  } as never)
  expect(granted[0]).toMatchObject({ topic: "to/+", qos: 2 })
  for (const text of ["1", "2"]) await client.publishAsync("from/js", text, { qos: 2 })
  await client.publishAsync("to/me", "not mine", { qos: 1 })
  expect(table.broker.messages.slice(-3).map(({ topic, payload }) => `${topic} ${payload}`)).toEqual([
    ...["from/js 1", "from/js 2", "to/me not mine"],
  ])
  for (const text of ["1", "2", "3"])
    // At QoS 2 MQTT.js 5.16.0 hands on the topic as it came, empty with an alias.
    table.broker.publish("to/js", text, { qos: 1, properties: { userProperties: [["a", text]] } })
  await all
  expect(heard).toEqual(["1", "2", "3"].map((text) => `to/js ${text} 7 ${text}`))
  const reason = new Promise<number | undefined>((resolve) =>
    client.on("disconnect", (packet) => resolve(packet.reasonCode)),
  )
  table.broker.kick("js", { code: 0x98 })
  expect(await reason).toBe(0x98)
  await client.endAsync(true)
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
