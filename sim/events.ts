/** What happens in a house, as plain data: it crosses worker threads and becomes trace lines. */
interface At {
  atUs: number
  /** Name of the board; "house" for what belongs to none. */
  device: string
}

export type LogLevel = "debug" | "info" | "warn" | "error"
export type BootReason = "power" | "reboot" | "reset" | "watchdog" | "crash"
type TcpState = "open" | "refused" | "timeout" | "no-route" | "no-host" | "closed" | "reset"
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
  /** `by` marks a reset from outside, at the chip's reset pin; power always comes from there. */
  (
    | { kind: "boot"; boots: number; reason: BootReason; by?: "outside" }
    /** The power is gone. */
    | { kind: "off" }
    /** Of a board's recording: the program's timer ran now. The simulator's timers run when they are due and are not told. */
    | { kind: "timer" }
    /** Of a board's recording: the program hears now that all bytes of a connection have left. */
    | { kind: "drain"; connection: number }
    | { kind: "halt"; reason: string; callback?: string }
    | { kind: "log"; level: LogLevel; text: string }
    /** `by` says whose doing the edge was: what the outside does is input to a program, what the chip does is its output. */
    | { kind: "pin"; pin: string; level: "rise" | "fall"; by: "chip" | "outside" }
    | { kind: "pwm"; pin: string; duty: number; frequencyHz: number }
    | {
        kind: "wifi"
        state: "connecting" | "associated" | "connected" | "disconnected"
        reason?: string
        ip?: string
        /** The program left by itself. */
        by?: "chip"
      }
    /** A name was looked up without blocking; without `ip` there is none. */
    | { kind: "dns"; host: string; ip?: string }
    /** `connection` counts the sockets of a boot from 1; absent for one that did not open. */
    | { kind: "tcp"; state: TcpState; host: string; port: number; reason?: string; connection?: number }
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
    | I2cEvent
    | OneWireEvent
    /** One frame for an LED strip: bytes as they went out, each bit 1.25 us (WS2812B datasheet). */
    | { kind: "strip"; pin: string; bytes: string }
    /** One conversion: the share of full scale that the program got. */
    | { kind: "adc"; pin: string; value: number }
    | { kind: "serial"; pin: string; direction: "tx" | "rx"; baud: number; bytes: string }
    /** Bytes of a TCP connection as the board sent or got them, or its end. A password in CONNECT is as many asterisks. */
    | { kind: "net"; direction: "tx" | "rx"; connection: number; bytes: string; end?: "fin" | "reset" | "timeout" }
    | { kind: "memory"; used: number; total: number }
    | { kind: "storage"; action: "write" | "erase" | "compact" | "torn"; file: string; bytes: number }
    /** By somebody's will, or what the firmware reports. `phase` of one that lasts. */
    | { kind: "fault"; reason: string; phase?: "begins" | "ends" }
  )

/** One message on an I2C bus, from START to STOP or to a repeated START. Its waveform follows from these fields alone. */
export interface I2cEvent {
  kind: "i2c"
  /** Printed names of the pins. */
  sda: string
  scl: string
  hz: number
  /** 7 bits. */
  address: number
  isRead: boolean
  /** The address was acknowledged. */
  isAcked: boolean
  bytes: number[]
  /** The receiver acknowledged the byte: of a read, the master, which leaves the last one alone. */
  acks: boolean[]
  /** Time for which a part held SCL low, for the address and then for each byte; absent when none did. */
  stretchUs?: number[]
  /** False before a repeated START. */
  isStopped: boolean
  /** What kept the message from being sent, such as "SDA is low". */
  fault?: string
}

/** Time slots of a 1-Wire bus that follow one another without a pause. */
export interface OneWireEvent {
  kind: "onewire"
  pin: string
  /** In order: "R" reset with an answer, "r" without; "0" and "1" write slots, "l" and "h" read slots that read 0 and 1. */
  slots: string
  /** The line is driven high afterwards. */
  isPowered?: boolean
}

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

export interface DeviceView {
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

export interface HouseView {
  atUs: number
  devices: DeviceView[]
  /** The newest 20, oldest first. */
  messages: Message[]
  broker: { clients: number; running: boolean; url?: string }
}
