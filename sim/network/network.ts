import type { Clock } from "../clock/clock"
import type { Random } from "../clock/random"
import { Tcp } from "./tcp"
import { Wifi } from "./wifi"

/** Everything between the boards and the broker. */
export class Network {
  readonly wifi: Wifi
  readonly tcp: Tcp

  constructor(clock: Clock, random: Random, network: { ssid: string; password?: string }) {
    this.wifi = new Wifi(network)
    this.tcp = new Tcp(clock, random.split("tcp"))
  }

  /** Packets of one board, or of all, vanish without a word. */
  cut(device?: string): void {
    this.tcp.cut(device)
  }

  heal(device?: string): void {
    this.tcp.heal(device)
  }
}
