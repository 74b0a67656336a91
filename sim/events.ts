/** What happens in a house, as plain data: it crosses worker threads and becomes trace lines. */
interface At {
  atUs: number
  /** Name of the board; "house" for what belongs to none. */
  device: string
}

export type LogLevel = "debug" | "info" | "warn" | "error"
export type BootReason = "power" | "reboot" | "reset" | "watchdog" | "crash"
export type TcpState = "open" | "refused" | "timeout" | "no-route" | "no-host" | "closed" | "reset"
export type MqttAction =
  | "connect"
  | "refuse"
  | "disconnect"
  | "drop"
  | "subscribe"
  | "unsubscribe"
  | "publish"
  | "deliver"
  | "ack"
  | "will"
  | "ping"

export type HouseEvent = At &
  (
    | { kind: "boot"; boots: number; reason: BootReason }
    | { kind: "halt"; reason: string; callback?: string }
    | { kind: "log"; level: LogLevel; text: string }
    | { kind: "pin"; pin: string; level: "rise" | "fall" }
    | { kind: "pwm"; pin: string; duty: number; frequencyHz: number }
    | { kind: "wifi"; state: "connecting" | "associated" | "connected" | "disconnected"; reason?: string; ip?: string }
    | { kind: "tcp"; state: TcpState; host: string; port: number; reason?: string }
    | {
        kind: "mqtt"
        action: MqttAction
        client: string
        topic?: string
        payload?: string
        qos?: number
        retain?: boolean
        reason?: string
      }
    | { kind: "part"; part: string; what: string; values?: Record<string, number> }
    | { kind: "storage"; action: "write" | "erase" | "compact" | "torn"; file: string; bytes: number }
    | { kind: "fault"; reason: string }
  )

export type HouseEventKind = HouseEvent["kind"]

/** What MQTT 5.0 lets travel with a message (§3.3.2.3) and hands on. Bytes are characters 0 to 255. */
export interface MessageProperties {
  /** The payload is UTF-8. */
  payloadFormatIndicator?: boolean
  /** As the sender set it: counted from the message's `atUs`. */
  messageExpiryIntervalS?: number
  contentType?: string
  responseTopic?: string
  correlationData?: string
  /** In the sender's order; names may come again. */
  userProperties?: [name: string, value: string][]
}

/** One message a broker accepted. */
export interface Message {
  atUs: number
  /** Client id of the sender; "" when the house published it. */
  from: string
  topic: string
  /** Bytes as characters 0 to 255. */
  payload: string
  qos: 0 | 1 | 2
  retain: boolean
  /** Absent when the sender gave none, or speaks 3.1.1. */
  properties?: MessageProperties
}

export interface DeviceSnapshot {
  name: string
  board: string
  state: "off" | "running" | "halted"
  /** Seen from outside: no Wi-Fi, has an address, TCP open, CONNACK accepted. */
  link: "off" | "wifi" | "broker" | "online"
  rssiDbm: number
  memory: { used: number; total: number }
  boots: number
  uptimeUs: number
  parts: { name: string; part: string; values: Record<string, number> }[]
  lastPublish?: { atUs: number; topic: string; payload: string }
  /** Nets in use: "high", "low", "float", "conflict" or "pwm 42 %". */
  pins: Record<string, string>
}

export interface HouseSnapshot {
  atUs: number
  devices: DeviceSnapshot[]
  /** The newest 20, oldest first. */
  messages: Message[]
  broker: { clients: number; running: boolean; url?: string }
}
