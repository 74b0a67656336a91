import type { Clock } from "../../../src/hal/clock"
import type { Network } from "../../../src/hal/socket"
import type { MqttClient, MqttEvents, MqttOptions } from "../../../src/mqtt/contract"

export type Make = (network: Network, clock: Clock, events: MqttEvents, options: MqttOptions) => MqttClient

/**
 * Hands something of the bundle to a script, under a name that both know. It names no member of the client: in the bundles
 * whose bytes are counted, names are as short as in a program.
 */
export const handOver = (name: string, what: unknown): void => {
  ;(globalThis as unknown as Record<string, unknown>)[name] = what
}
