import { z } from "zod"

/**
 * The shape of flash.config.json. Everything that can be said without knowing the programs stands here, once: the
 * validation, the types, the editor's completion and the words of the messages come from it.
 */
interface KeyNote {
  says: string
  example: unknown
}

/** Keyed by path, "*" for a name the user chose. */
export const NOTES: Record<string, KeyNote> = {
  "": { says: "devices, and the network and broker they use", example: { network: {}, broker: {}, devices: {} } },
  network: {
    says: "the Wi-Fi network of the devices",
    example: { ssid: "workshop", password: { env: "WIFI_PASSWORD" } },
  },
  "network.ssid": { says: "the name of the Wi-Fi network, 1 to 32 bytes", example: "workshop" },
  "network.password": { says: "where the Wi-Fi password is found", example: { env: "WIFI_PASSWORD" } },
  broker: {
    says: "the MQTT broker of the devices, or several in order of preference",
    example: { host: "192.168.1.10", port: 1883 },
  },
  "broker.host": { says: "the broker's name or address as the devices see it", example: "192.168.1.10" },
  "broker.port": { says: "the broker's TCP port, 1 to 65535", example: 1883 },
  "broker.user": { says: "the user name the broker asks for", example: "devices" },
  "broker.password": { says: "where the broker's password is found", example: { env: "MQTT_PASSWORD" } },
  devices: { says: "the devices by name", example: { climate: {} } },
  "devices.*": { says: "a device", example: { board: "esp32-devkitc", program: "src/apps/climate.ts" } },
  "devices.*.board": { says: "the board's name, as in boards/", example: "esp32-devkitc" },
  "devices.*.program": { says: "the program's file, beside this file or below", example: "src/apps/climate.ts" },
  "devices.*.port": { says: "the serial port the board hangs on", example: "/dev/ttyUSB0" },
  "devices.*.settings": { says: "the settings the program declares", example: { sensor: "GPIO4", interval: "30s" } },
  "devices.*.settings.*": { says: "text, a number, true or false, or the pins of a bus", example: "GPIO4" },
  "devices.*.settings.*.*": { says: "a pin of the board", example: "GPIO21" },
  "devices.*.parts": {
    says: "what the simulator wires to the pins; the chip never sees it",
    example: { dht22: { data: "sensor" } },
  },
  "devices.*.parts.*": { says: "a part and its pins", example: { part: "dht22", data: "sensor" } },
  "devices.*.parts.*.*": {
    says: "a pin of the board, the name of a pin setting such as sensor or bus.sda, or an option of the part",
    example: "sensor",
  },
}

/** A device's name becomes its id in topics and discovery, so it keeps to what both accept (facts: smart-home §1). */
const DEVICE_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,30}$/
const ENV_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

const noted = <T extends z.ZodType>(schema: T, key: string): T =>
  schema.meta({ description: NOTES[key].says, examples: [NOTES[key].example] }) as T

const secret = (key: string) => noted(z.strictObject({ env: z.string().regex(ENV_NAME) }), key)
const text = (key: string) => noted(z.string().min(1), key)

/** A bus with a pin's number in it is a slip that the settings' check tells by its key. Text first in the union would hide the pins from an editor's completion, so the pins come first. */
const settingValue = (pins: string[]) =>
  z
    .union([z.enum(pins), z.string(), z.number(), z.boolean(), z.record(z.string(), z.union([z.string(), z.number()]))])
    .meta({ description: NOTES["devices.*.settings.*"].says })

export function deviceShape(boards: string[], pins: string[], parts: string[]) {
  const end = noted(z.union([z.enum(pins), z.string().min(1), z.number(), z.boolean()]), "devices.*.parts.*.*")
  const wiring = z.object({ part: z.enum(parts).optional() }).catchall(end)
  return z.strictObject({
    board: noted(z.enum(boards), "devices.*.board"),
    program: text("devices.*.program"),
    port: text("devices.*.port").optional(),
    settings: noted(z.record(z.string(), settingValue(pins)).default({}), "devices.*.settings"),
    parts: noted(z.record(z.string(), noted(wiring, "devices.*.parts.*")).default({}), "devices.*.parts"),
  })
}

/** More would keep a device busy dialling: what is down is noticed after up to 20 s each. */
export const MOST_BROKERS = 8

const address = () => ({
  host: text("broker.host"),
  port: noted(z.int().min(1).max(65535).default(1883), "broker.port"),
})

export const oneBroker = () =>
  z.strictObject({
    ...address(),
    user: text("broker.user").optional(),
    password: secret("broker.password").optional(),
  })

/** In order of preference. They are one broker to the device: the login of the first serves all. */
export const severalBrokers = () => z.tuple([oneBroker()], z.strictObject(address())).check(z.maxLength(MOST_BROKERS))

/** For an editor. A file is checked as what it has, so that a mistake is told once and where it is. */
export const oneBrokerOrSeveral = () => z.union([oneBroker(), severalBrokers()])

export function configShape<D extends z.ZodType, B extends z.ZodType<BrokerShape>>(device: D, broker: B) {
  const network = z.strictObject({ ssid: text("network.ssid"), password: secret("network.password").optional() })
  return z.strictObject({
    $schema: z.string().optional(),
    network: noted(network, "network"),
    broker: noted(broker, "broker"),
    devices: noted(z.record(z.string().regex(DEVICE_NAME), device), "devices"),
  })
}

export type DeviceShape = z.infer<ReturnType<typeof deviceShape>>
type BrokerShape = z.infer<ReturnType<typeof oneBrokerOrSeveral>>
export type ConfigShape = z.infer<
  ReturnType<typeof configShape<ReturnType<typeof deviceShape>, ReturnType<typeof oneBrokerOrSeveral>>>
>
