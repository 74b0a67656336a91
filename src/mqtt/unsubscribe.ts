import type { MqttClient } from "./contract"

/**
 * Ends all subscriptions to exactly this filter: their handlers are not called again, and the broker is told now or when it
 * is there again. A function of its own, so that only programs that call it carry it.
 */
export const unsubscribe = (mqtt: Pick<MqttClient, "_unsubscribe">, filter: string): void => mqtt._unsubscribe!(filter)
