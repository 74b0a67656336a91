import type { House } from "../../../sim/house"
import type { BrokerUrl } from "./options"
import { Refused, type Setup } from "./protocol"

/** MQTT's registered port (IANA), where every client looks first. */
const MQTT_PORT = 1883
const PORTS_TRIED = 20

/** Opens the built-in broker to the outside, on the next free port when none was asked for. */
export async function openDoor(
  house: { broker: Pick<House["broker"], "listen"> },
  setup: Pick<Setup, "broker" | "door">,
) {
  const { broker, door } = setup
  if (broker !== "embedded") return { url: urlOf(broker) }
  if (door === undefined) return { note: "--speed max runs by itself" }
  const first = door === "free" ? MQTT_PORT : door
  const last = door === "free" ? MQTT_PORT + PORTS_TRIED : door
  for (let port = first; ; port++) {
    try {
      const { url } = await house.broker.listen(port)
      return { url, note: port === first ? undefined : `${first} is taken` }
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code !== "EADDRINUSE" || port === last) throw new Refused(refusal(code, message, first, last))
    }
  }
}

/** An IPv6 address stands in brackets (RFC 3986 §3.2.2). User and password are left out: this is printed. */
function urlOf({ host, port }: BrokerUrl): string {
  return `mqtt://${host.includes(":") ? `[${host}]` : host}:${port}`
}

function refusal(code: string | undefined, message: string, first: number, last: number): string {
  if (code === "EACCES") return `port ${first} needs more rights than you have. Choose one above 1023 with --port.`
  if (code !== "EADDRINUSE") return `${message}.`
  if (first < last) return `the ports ${first} to ${last} are all taken. Choose another with --port.`
  return `port ${first} is taken. Choose another, or leave --port out to take the next free one.`
}
