import type { Chip } from "../hal/chip"
import type { Clock } from "../hal/clock"
import type { Platform } from "../hal/platform"
import type { Network } from "../hal/socket"
import { createMqtt } from "../mqtt/client"
import type { MqttClient } from "../mqtt/contract"
import { DOWN_BY_US, DOWN_LINK_LOST, E_HANDLER, E_TOO_BIG } from "../mqtt/constants"
import type { ConnectPart } from "../mqtt/encode"
import { login } from "../mqtt/login"
import type { Persistence, Session, Slices } from "../mqtt/parts"
import { qos1 } from "../mqtt/qos1"
import { reasonText } from "../mqtt/reason"
import { createSession, DROP_OLDEST, type FullPolicy } from "../mqtt/session"
import type { Mqtt5 } from "../mqtt/v5/mqtt5"
import { createBackoff, type Backoff } from "../net/backoff"
import type { Way } from "../net/brokers"
import { createSupervisor } from "../net/supervisor"
import { keepWifi } from "../net/wifi-link"
import type { Declaration, Opener, Settings } from "./declaration"
import { createGuard } from "./guard"
import { deviceId, seedFrom } from "./identity"
import { createLoop } from "./loop"
import { readSettings } from "./settings"
import type { SettingKind, SettingsRecord } from "./settings-schema"

declare const __SCHEMA__: boolean
/** False in a bundle that does without the part: then nobody passes it. */
declare const __MQTT5__: boolean
declare const __SLICES__: boolean
declare const __WILL__: boolean
declare const __PERSISTENCE__: boolean
declare const __BROKERS__: boolean
/** True in a bundle that proves its password by SCRAM: then it must not send it as well. */
declare const __SCRAM__: boolean
/** True in a bundle that records. */
declare const __RECORD__: boolean

/** First steps of the backoff: a broker serves a thousand devices, an access point a few. */
export const DIAL_FIRST_MS = 4000
const JOIN_FIRST_MS = 1000

/** All that a broker of 3.1.1 says of a subscription that it refuses (clause 3.9.3). */
const REFUSED = 0x80

/** What a program may do; handed to its setup once, when the settings are read and before the network is up. */
export interface Context<D extends Declaration> {
  readonly settings: Settings<D>
  /** Client id on the broker: the device's name and the end of the chip's address. */
  readonly id: string
  readonly mqtt: Pick<MqttClient, "isOnline" | "publish" | "subscribe" | "topic" | "_unsubscribe">
  readonly clock: Clock
  /** Runs at once when setup is over and then every `periodMs`, without drift and without catching up in bursts. */
  every(periodMs: number, run: () => void): void
  log(text: string): void
  warn(text: string): void
  /** Restarts the chip once the broker has acknowledged what waits, after about 150 s at the latest. */
  restart(why: string): void
}

export interface ProgramOptions {
  /** A dead link is noticed within so many seconds, by a ping every half of them; 0 sends none. Default 60. */
  keepAliveS?: number
  /** The broker keeps subscriptions and messages while the device is away. Default false. */
  keepSession?: boolean
  /** QoS 1 messages that may wait for the broker, and the bytes of the largest. Defaults 8 and 512. */
  maxQueued?: number
  maxMessageBytes?: number
  /** What gives way when the queue is full: REFUSE, DROP_OLDEST (the default) or DROP_NEWEST. */
  whenFull?: FullPolicy
  /** The largest packet taken, and the largest sent at QoS 0; 128 and up. Default 1024. */
  maxPacketBytes?: number
  /** Handlers; the one after the last makes `subscribe` return E_FULL. Default 8. */
  maxSubscriptions?: number
  /** Something was lost or refused: a code of docs/codes.md, and the topic, filter or error. It stands in the log already. */
  onTrouble?: (code: number, about: string) => void
  /** Published by the broker when the device vanishes: `(id) => will(...)`, made once the client id is known. */
  will?: (id: string) => ConnectPart
  /** `qos2` of "motewire/mqtt/qos2" for messages that arrive exactly once. Default QoS 0 and 1. */
  acks?: (session: Session) => void
  /**
   * `(clock) => mqtt5(clock, {...})` of "motewire/mqtt/v5/mqtt5". `login` is that of flash.config.json as UTF-8, for
   * `scramSha256`; a bundle with that never sends the password itself. Default MQTT 3.1.1.
   */
  protocol?: (clock: Clock, login: Pick<SettingsRecord, "user" | "pw">, platform: Platform) => Mqtt5
  /**
   * QoS 1 and 2 survive a power loss. `({ storage, chip }) => keepInStorage(storage, chip.crc32, compactAndRestart)` of
   * "motewire/mqtt/persistence" and "motewire/hal/espruino/compact", or `() => persistent(hooks)`. Default none.
   */
  persistence?: (platform: Platform) => Persistence
  /** `slices()` of "motewire/mqtt/slices", for payloads above `maxPacketBytes`. Default: they are passed over and told. */
  slices?: Slices
  /** `brokers` of "motewire/net/brokers": the further brokers of flash.config.json, and redirects of MQTT 5. Default the first alone. */
  brokers?: (record: SettingsRecord, backoff: Backoff, chip: Chip, five: Mqtt5 | undefined) => Way
  /** The way to the broker: `() => openTls()`, or `({ network, chip }) => webSocket(network, chip.random)`. Default plain TCP. */
  network?: (platform: Platform) => Network
}

/** A program: called with a platform it starts, and the host finds its declared settings on it. */
export interface Program {
  (platform: Platform): void
  readonly settings?: Record<string, SettingKind>
  /** It dials every broker of flash.config.json, not the first alone. */
  readonly isForSeveralBrokers?: boolean
  readonly maxQueued?: number
}

/**
 * Describes a device: the settings it needs and what it does with them. Wi-Fi, broker, reconnecting, memory and the
 * watchdog are taken care of.
 */
export function program<D extends Declaration>(
  declaration: D,
  setup: (context: Context<D>) => void,
  options: ProgramOptions = {},
): Program {
  if (__SCHEMA__)
    return {
      settings: declaration,
      isForSeveralBrokers: !!options.brokers,
      maxQueued: options.maxQueued,
    } as unknown as Program
  return (platform) => start(platform, declaration, setup as (context: Context<Declaration>) => void, options)
}

function start(
  platform: Platform,
  declaration: Declaration,
  setup: (context: Context<Declaration>) => void,
  options: ProgramOptions,
): void {
  const { chip, storage, wifi } = platform
  const record = readSettings(storage, chip.crc32)
  if (!record) return chip.warn("no settings in Storage")
  if (__RECORD__ && record.pw && platform.conceal) platform.conceal(record.pw)
  chip.seed(seedFrom(chip.crc32(chip.serial())))

  const id = deviceId(record.id, chip.serial())
  const loop = createLoop(chip)
  const session = createSession(
    options.maxQueued || 8,
    options.maxMessageBytes || 512,
    options.whenFull ?? DROP_OLDEST,
    options.acks || qos1,
    __PERSISTENCE__ && options.persistence ? options.persistence(platform) : undefined,
  )
  const five = __MQTT5__ && options.protocol ? options.protocol(loop, record, platform) : undefined
  const backoff = createBackoff(chip.random, DIAL_FIRST_MS)
  const way = __BROKERS__ && options.brokers ? options.brokers(record, backoff, chip, five) : undefined
  const mqtt = createMqtt(
    options.network ? options.network(platform) : platform.network,
    loop,
    {
      onUp() {
        chip.log("mqtt: online" + (session.dropped ? `, ${session.dropped} dropped` : ""))
        session.dropped = 0
        supervisor.onClientUp()
      },
      onDown(reason) {
        chip.warn("mqtt: " + reasonText(reason))
        // Whoever says goodbye means it.
        if (reason !== DOWN_BY_US) supervisor.onClientDown(reason)
      },
      onTrouble(code, about) {
        // Words for the commonest; docs/codes.md has them for all.
        chip.warn(
          `mqtt: ${code === E_TOO_BIG ? "too big" : code === E_HANDLER ? "handler" : code === REFUSED ? "refused" : reasonText(code)}: ${about}`,
        )
        if (options.onTrouble) options.onTrouble(code, about)
      },
    },
    {
      clientId: id,
      keepAliveS: options.keepAliveS ?? 60,
      keepSession: options.keepSession,
      will: __WILL__ && options.will ? options.will(id) : undefined,
      login: !__SCRAM__ && (record.user || record.pw) ? login(record.user, record.pw) : undefined,
      maxPacketBytes: options.maxPacketBytes || 1024,
      maxUnsentBytes: 2048,
      maxSubscriptions: options.maxSubscriptions || 8,
    },
    session,
    five,
    __SLICES__ ? options.slices : undefined,
  )
  const { restart } = createGuard(chip, loop, session, mqtt.close)
  const supervisor = createSupervisor(mqtt, wifi, loop, way || backoff, way || record, chip.feedWatchdog, (ip) =>
    chip.warn(`mqtt: ${ip ? "no answer from" : "no address for"} ${(way || record).host}`),
  )

  // Before the program's own code: if that throws, the device is at least on the network.
  keepWifi(
    wifi,
    loop,
    createBackoff(chip.random, JOIN_FIRST_MS),
    record.ssid,
    record.pass,
    () => {
      chip.log("wifi: connected")
      supervisor.onWifiUp()
    },
    (why) => {
      chip.warn("wifi: " + why)
      supervisor.onWifiDown(DOWN_LINK_LOST)
    },
  )

  setup({
    settings: openPins(declaration, record.s),
    id,
    mqtt,
    clock: loop,
    every: loop.every,
    log: chip.log,
    warn: chip.warn,
    restart,
  })
}

/** The record's values under their declared names, with pin numbers replaced by what the driver gets. */
function openPins(declaration: Declaration, values: Record<string, unknown>): Settings<Declaration> {
  const settings: Record<string, unknown> = {}
  for (const name in declaration) {
    const open = declaration[name] as Opener | undefined
    settings[name] = open ? open(values[name] as never) : values[name]
  }
  return settings
}
