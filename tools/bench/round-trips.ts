import { connectAsync } from "mqtt"
import { createMqtt } from "../../src/mqtt/client"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, REFUSE } from "../../src/mqtt/session"
import { hostClock } from "../mqtt/clock"
import { tcp } from "../mqtt/tcp"
import { QuickMosquitto } from "../../test/brokers/quick-mosquitto"
import { median } from "./alternate"
import { print, type Row } from "./report"
import { PAYLOAD } from "./sink-client"

const BAR = 1.5
const WINDOW = 20
const ROUNDS = 5
/** Where the figure is only told. */
const FEW_ROUNDS = 3
/** A round of one client is some 0.7 s, so that little of it is its end: the last messages, which nothing follows, may wait 40 ms (tools/mqtt/batched-socket.ts). */
const MESSAGES = { 0: 80_000, 1: 60_000, 2: 30_000 } as const
type Qos = keyof typeof MESSAGES

/** Publishes `count` messages, at most `WINDOW` of them not yet back; resolves when all are. */
type Client = { flood(count: number): Promise<void>; close(): Promise<void> | void }

/** The window and the count, the same for both: `send` publishes one message. */
function flooding(send: () => void): { flood(count: number): Promise<void>; onBack(): void } {
  let toSend = 0
  let toReceive = 0
  let done: () => void
  return {
    flood(count) {
      toSend = toReceive = count
      return new Promise((resolve) => {
        done = resolve
        for (let sent = 0; sent < WINDOW; sent++) {
          toSend--
          send()
        }
      })
    },
    onBack() {
      if (!--toReceive) done()
      else if (toSend > 0) {
        toSend--
        send()
      }
    },
  }
}

async function ours(port: number, qos: Qos): Promise<Client> {
  const fail = (what: string) => (code: unknown, about?: unknown) => {
    throw new Error(`${what} ${code} ${about ?? ""}`)
  }
  let isUp: () => void
  const up = new Promise<void>((resolve) => (isUp = resolve))
  let isClosing = false
  const client = createMqtt(
    tcp,
    hostClock,
    { onUp: () => isUp(), onDown: (reason) => isClosing || fail("down")(reason), onTrouble: fail("trouble") },
    { clientId: `ours-${qos}`, keepAliveS: 60, maxPacketBytes: 1024, maxUnsentBytes: 65536, maxSubscriptions: 8 },
    createSession(2 * WINDOW, 512, REFUSE, qos2),
  )
  const name = `sensor/dat${"abc"[qos]}`
  const topic = client.topic(name, { qos })
  const { flood, onBack } = flooding(() => {
    if (topic.publish(PAYLOAD) < 0) throw new Error("refused")
  })
  client.subscribe(name, onBack, qos)
  client.open("127.0.0.1", port)
  await up
  return {
    flood,
    close() {
      isClosing = true
      client.close()
    },
  }
}

async function theirs(port: number, qos: Qos): Promise<Client> {
  const topic = `sensor/dat${qos}`
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { protocolVersion: 4, clientId: `theirs-${qos}` })
  const { flood, onBack } = flooding(() => client.publish(topic, PAYLOAD, { qos }))
  client.on("message", onBack)
  await client.subscribeAsync(topic, { qos })
  return { flood, close: () => client.endAsync() }
}

/** Messages a second, and microseconds of this process a message: the broker's own time is the same for both. */
async function rate(client: Client, count: number): Promise<{ perS: number; cpuUs: number }> {
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  await client.flood(count)
  const { user, system } = process.cpuUsage(startCpu)
  return { perS: (count * 1000) / (performance.now() - startMs), cpuUs: (user + system) / count }
}

export async function roundTrips(): Promise<void> {
  for (const noDelay of [false, true]) {
    const broker = new QuickMosquitto(noDelay)
    await broker.start()
    try {
      const rows: Row[] = []
      for (const qos of [0, 1, 2] as const) rows.push(await row(broker.port, qos, noDelay))
      const how = noDelay ? "with set_tcp_nodelay" : "as it comes"
      print(`Mosquitto ${how}, publish and receive back, window ${WINDOW}, messages/s of MQTT.js, medians`, rows)
    } finally {
      await broker.stop()
    }
  }
}

async function row(port: number, qos: Qos, isTold: boolean): Promise<Row> {
  const clients = [await ours(port, qos), await theirs(port, qos)] as const
  for (const client of clients) await client.flood(MESSAGES[qos] / 2)
  const rounds: { perS: number; cpuUs: number }[][] = [[], []]
  for (let round = 0; round < (isTold ? FEW_ROUNDS : ROUNDS); round++)
    for (const side of [0, 1] as const) rounds[side]!.push(await rate(clients[side], MESSAGES[qos]))
  for (const client of clients) await client.close()
  const [our, their] = rounds.map((side) => median(side.map(({ perS }) => perS))) as [number, number]
  const [ourCpu, theirCpu] = rounds.map((side) => median(side.map(({ cpuUs }) => cpuUs)).toFixed(1))
  return {
    what: `QoS ${qos} (the client takes ${ourCpu} µs a message, MQTT.js ${theirCpu})`,
    figure: `${Math.round(our)} of ${Math.round(their)} = ${(our / their).toFixed(2)}`,
    ...(!isTold && { bar: `${BAR}`, passes: our / their >= BAR }),
  }
}
