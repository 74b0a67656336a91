import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import type { Alarm } from "../../src/hal/clock"
import type { Network } from "../../src/hal/socket"
import type { Wifi } from "../../src/hal/wifi"
import { createMqtt } from "../../src/mqtt/client"
import { DOWN_BY_US } from "../../src/mqtt/constants"
import type { MqttClient } from "../../src/mqtt/contract"
import type { ConnectPart } from "../../src/mqtt/encode"
import { explain } from "../../src/mqtt/explain"
import { login } from "../../src/mqtt/login"
import type { Persistence, Slices } from "../../src/mqtt/parts"
import { qos2 } from "../../src/mqtt/qos2"
import { createSession, REFUSE, type FullPolicy } from "../../src/mqtt/session"
import { unsubscribe } from "../../src/mqtt/unsubscribe"
import { mqtt5, type Mqtt5, type Mqtt5Options } from "../../src/mqtt/v5/mqtt5"
import { createBackoff } from "../../src/net/backoff"
import { brokers } from "../../src/net/brokers"
import { createSupervisor } from "../../src/net/supervisor"
import { bytesOnly, refuseTextIn } from "./byte-edge"
import { toBytes } from "./bytes"
import { hostClock } from "./clock"
import { endpointOf, type Endpoint } from "./endpoint"
import { refuseLimits } from "./limits"
import type { TlsOptions } from "./tls-options"
import { window } from "./window"

/** Reason code of MQTT 5 for what a broker must not send. */
const PROTOCOL_ERROR = 0x82
const LOOK_EVERY_MS = 10

/**
 * `urls`, `clientId`, `user` and `password` are texts. What goes into the will and into `mqtt5` is bytes, as topics and payloads are:
 * `toBytes` makes them, and a character above 255 throws.
 */
export interface ConnectOptions {
  /**
   * Brokers in order of preference: `mqtt://host`, `mqtts://host:8883`, `ws://host/mqtt`, `wss://host`. When one cannot be
   * reached or ends the connection, the next follows within a second. `user:password@` in front of a host of the first
   * is the login for all.
   */
  urls: string | readonly string[]
  /** 4 is MQTT 3.1.1, 5 is MQTT 5.0. Default 5 with `mqtt5`, else 4. */
  version?: 4 | 5
  /** What only MQTT 5 has. */
  mqtt5?: Mqtt5Options
  /** Default: one made up, so that no two programs share it. `keepSession` needs one that stays, and throws without. */
  clientId?: string
  /** The broker keeps subscriptions and messages while this program is away. Default false. */
  keepSession?: boolean
  /** A dead link is noticed within so many seconds; 0 sends no pings. Default 60. */
  keepAliveS?: number
  user?: string
  password?: string
  /** `will(...)`, or in MQTT 5 `will5(...)`: published by the broker when this program vanishes. */
  will?: ConnectPart
  /** Messages at QoS 1 and 2 that may wait, offline ones included: 1 to 12,000. Default 1000. */
  maxQueued?: number
  /** So many of them are on their way at one time, 1 to 65,535. Default 20: Mosquitto 2.0 loses QoS 2 messages of clients that send more. */
  maxInFlight?: number
  /** The largest of them, 1 to 268,435,455. Default 65,536. */
  maxMessageBytes?: number
  /** What happens to a message when the queue is full: REFUSE (the default: `publish` returns E_FULL), DROP_OLDEST or DROP_NEWEST. */
  whenFull?: FullPolicy
  /** The largest packet that is taken, 128 to 268,435,455. Default 1,048,576. */
  maxPacketBytes?: number
  /** Default 100. */
  maxSubscriptions?: number
  /** Keeps what is unacknowledged over the end of the process. Default: memory only. */
  persistence?: Persistence
  /** `slices()`, for payloads above `maxPacketBytes`. Default: they are passed over and told. */
  slices?: Slices
  /** For `mqtts://` and `wss://`: whom to trust, and who we are. */
  tls?: TlsOptions
  /** The first step of the waits between rounds of attempts; they double up to two minutes. Default 1000. */
  firstRetryMs?: number
  /** The broker at `url` (without login) accepted us. `isResumed`: it still had our session. */
  onUp?: (isResumed: boolean, url: string) => void
  /**
   * The connection ended or was not made: a code of docs/codes.md, and a sentence about it that begins with the URL. The next
   * attempt follows, except after `close`, which is DOWN_BY_US.
   */
  onDown?: (reason: number, why: string) => void
  /** Something was lost or refused: a code, and the topic or filter. */
  onTrouble?: (code: number, about: string) => void
}

/** A client that comes back by itself. Topics and payloads are byte strings: `toBytes` and `toText` translate, and a character above 255 throws. */
export interface Connection extends Pick<MqttClient, "isOnline" | "publish" | "subscribe" | "topic"> {
  unsubscribe(filter: string): void
  /** Messages at QoS 1 and 2 that are not acknowledged yet. */
  pending(): number
  /**
   * Waits for acknowledgements, `waitMs` at most (default 10 s), says goodbye and stays away. Resolves with the number of
   * messages that are still not acknowledged: 0 when all have arrived.
   */
  close(waitMs?: number): Promise<number>
  /** For parts that take a client: `requester`, `respond`. It comes back by itself: leave `open`, `drop` and `close` alone. */
  readonly client: MqttClient
  /** What the broker said about itself, and what only MQTT 5 can do. */
  readonly mqtt5: Mqtt5 | undefined
}

/**
 * The chip's client with all its parts and a supervisor, for scripts: connects now and again whenever it has to. Throws on
 * a mistake in the options. The process lives until `close`.
 */
export function connect(options: ConnectOptions): Connection {
  refuseMistakes(options)
  /** Why the socket failed, until it is told. */
  let error: Error | undefined
  const all = endpointsOf(options, (why) => {
    error = why
    options.tls?.onError?.(why)
  })
  const { network, current } = networkOf(all)
  const onTrouble = options.onTrouble ?? (() => {})

  const session = createSession(
    options.maxQueued ?? 1000,
    options.maxMessageBytes ?? 65536,
    options.whenFull ?? REFUSE,
    window(qos2, options.maxInFlight ?? 20),
    options.persistence,
  )
  const five = (options.version ?? (options.mqtt5 ? 5 : 4)) === 5 ? mqtt5(hostClock, options.mqtt5) : undefined
  const [first, ...more] = all
  const world = { random: Math.random, log() {}, warn: onReference }
  /** A broker named another one in a way that cannot be read: `text` says which, for a log. */
  function onReference(text: string): void {
    onTrouble(PROTOCOL_ERROR, text.replace("mqtt:", "Server Reference:"))
  }
  const way = brokers({ ...first!, more }, createBackoff(Math.random, options.firstRetryMs ?? 1000), world, five)

  const mqtt = createMqtt(
    network,
    hostClock,
    {
      onUp(isResumed) {
        supervisor.onClientUp()
        options.onUp?.(isResumed, current())
      },
      onDown(reason) {
        if (reason !== DOWN_BY_US) supervisor.onClientDown(reason)
        const why = [explain(reason), five?.reasonString, error?.message].filter(Boolean).join(" ")
        error = undefined
        options.onDown?.(reason, `${current()}: ${why}`)
      },
      onTrouble,
    },
    {
      clientId: toBytes(options.clientId ?? `motewire-${randomBytes(6).toString("hex")}`),
      keepAliveS: options.keepAliveS ?? 60,
      keepSession: options.keepSession,
      will: options.will,
      login: loginOf(options.user ?? first!.user, options.password ?? first!.password),
      maxPacketBytes: options.maxPacketBytes ?? 1048576,
      maxUnsentBytes: 1048576,
      maxSubscriptions: options.maxSubscriptions ?? 100,
    },
    session,
    five,
    options.slices,
  )
  const alarms: Alarm[] = []
  const supervisor = createSupervisor(
    mqtt,
    ALWAYS_THERE,
    {
      nowMs: hostClock.nowMs,
      alarm(run) {
        const alarm = hostClock.alarm(run)
        alarms.push(alarm)
        return alarm
      },
    },
    way,
    way,
    () => {},
    () => {},
  )
  // Not inside this call: whoever made the connection may want to subscribe first.
  const start = setImmediate(supervisor.onWifiUp)

  const client = bytesOnly(mqtt)
  return {
    isOnline: mqtt.isOnline,
    publish: client.publish,
    subscribe: client.subscribe,
    topic: client.topic,
    unsubscribe: (filter) => unsubscribe(client, filter),
    pending: session.pending,
    client,
    mqtt5: five,
    async close(waitMs = 10_000) {
      const endMs = hostClock.nowMs() + waitMs
      while (session.pending() && hostClock.nowMs() < endMs) await sleep(LOOK_EVERY_MS)
      clearImmediate(start)
      mqtt.close()
      // The link that never comes back. An alarm that is left would keep the process alive.
      supervisor.onWifiDown(DOWN_BY_US)
      for (const alarm of alarms) alarm.clear()
      return session.pending()
    },
  }
}

function refuseMistakes(options: ConnectOptions): void {
  refuseLimits(options)
  if (options.keepSession && !options.clientId)
    throw new Error(
      "keepSession needs a clientId that stays: with one made up each run leaves a session at the broker.",
    )
  refuseTextIn(options.will, "will")
  const { authenticator: _, ...texts } = options.mqtt5 ?? {}
  refuseTextIn(texts, "mqtt5 option")
}

function endpointsOf(options: ConnectOptions, onError: (error: Error) => void): Endpoint[] {
  const all = [options.urls].flat().map((url) => endpointOf(url, options.tls ?? {}, onError))
  const [first, ...others] = all
  if (!first) throw new Error("A connection needs at least one URL.")
  if (others.some(({ user }) => user !== undefined))
    throw new Error("The login stands in the first URL and goes to all.")
  if (new Set(all.map(({ host, port }) => `${host} ${port}`)).size < all.length)
    throw new Error("Two URLs have the same host and port.")
  return all
}

/** A host is on the network, as far as it can tell, and its sockets look names up. */
const ALWAYS_THERE: Wifi = {
  connect() {},
  disconnect() {},
  on() {},
  getHostByName: (host, onAddress) => onAddress(host),
}

/** One network for all: each address is reached its own way, and one that a broker named is reached as that broker was. */
function networkOf(all: readonly Endpoint[]): { network: Network; current(): string } {
  let last = all[0]!
  let url = last.url
  const network: Network = {
    connect({ host, port }, onConnect) {
      const known = all.find((each) => each.host === host && each.port === port)
      if (known) last = known
      url = known ? known.url : `${host}:${port}`
      return last.network.connect({ host, port }, onConnect)
    },
  }
  return { network, current: () => url }
}

const loginOf = (user?: string, password?: string): ConnectPart | undefined =>
  user === undefined && password === undefined ? undefined : login(user && toBytes(user), password && toBytes(password))
