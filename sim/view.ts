import type { DeviceView, HouseView } from "./events"
import type { World } from "./world"

/** What a screen shows of a house, as plain data. */
export function viewOf(world: World): HouseView {
  return {
    atUs: world.clock.nowUs,
    devices: [...world.devices.values()].map((device) => device.view(linkOf(world, device.name))),
    messages: [...world.recent],
    broker: brokerView(world),
  }
}

/** How far a board is on its way to the broker, from outside and never from the program: the radio, TCP, and an accepted CONNACK. */
export function linkOf(world: World, name: string): DeviceView["link"] {
  const open = world.network.tcp.connectionsOf(name).filter((connection) => connection.board.isOpen)
  if (open.some((connection) => connection.isOnline)) return "online"
  if (open.length) return "broker"
  return world.device(name).chip.station.state === "connected" ? "wifi" : "off"
}

function brokerView({ bridge, broker }: World): HouseView["broker"] {
  if (bridge) return { clients: bridge.clients, running: bridge.isListening(), url: bridge.url }
  return { clients: broker.clients.size, running: broker.isRunning, ...(broker.url && { url: broker.url }) }
}
