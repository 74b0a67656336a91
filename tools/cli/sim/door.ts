import type { House } from "../../../sim/house"
import type { Setup } from "./protocol"

/** MQTT's registered port (IANA), where every client looks first. */
const MQTT_PORT = 1883
const PORTS_TRIED = 20

/** Opens the built-in broker to the outside, on the next free port when none was asked for. */
export async function openDoor(house: Pick<House, "broker">, setup: Pick<Setup, "broker" | "door">) {
  const { broker, door } = setup
  if (broker !== "embedded") return { url: `mqtt://${broker.host}:${broker.port}` }
  if (door === undefined) return { note: "--speed max runs by itself" }
  if (door !== "free") return { url: (await house.broker.listen(door)).url }
  for (let port = MQTT_PORT; ; port++) {
    try {
      const { url } = await house.broker.listen(port)
      return { url, note: port === MQTT_PORT ? undefined : `${MQTT_PORT} is taken` }
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE"
      if (!isTaken || port === MQTT_PORT + PORTS_TRIED) throw error
    }
  }
}
