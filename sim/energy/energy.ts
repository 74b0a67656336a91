import type { Clock } from "../clock/clock"
import type { Device } from "../device"
import type { HouseEvent } from "../events"
import type { Network } from "../network/network"
import { Meter } from "./meter"
import type { EnergyReport } from "./power"

/** The meters of a house's boards, for those whose board file has figures. */
export class Energy {
  private readonly meters = new Map<string, Meter>()

  constructor({ devices, network, clock }: { devices: Map<string, Device>; network: Network; clock: Clock }) {
    for (const [name, device] of devices) {
      const { power } = device.chip.board
      const hasSockets = () => network.tcp.connectionsOf(name).some(({ board }) => board.isOpen)
      if (power) this.meters.set(name, new Meter(device, power, clock, hasSockets))
    }
  }

  onEvent(event: HouseEvent): void {
    this.meters.get(event.device)?.onEvent(event)
  }

  report(device: string): EnergyReport {
    const meter = this.meters.get(device)
    if (!meter) throw new Error(`the board of "${device}" has no figures of its power: see "power" in boards/*.json`)
    return meter.report()
  }
}
