import { field, type ConnectPart } from "./encode"
import { NOT_A_NAME, refuseIf } from "./topic"

/**
 * What the broker publishes for us when the connection ends without a DISCONNECT (clauses 3.1.2.5 to 3.1.2.7, 3.1.3.2 and 3.1.3.3).
 * Topic and payload are bytes, at most 65,535 each. Throws on a topic that `publish` would not take [MQTT-3.3.2-2].
 */
export function will(topic: string, payload: string, qos?: 0 | 1 | 2, retain?: boolean): ConnectPart {
  refuseIf(NOT_A_NAME.test(topic), topic)
  return {
    _flags: 4 | (qos! << 3) | ((retain as unknown as number) << 5),
    _bytes: field(topic) + field(payload),
  }
}
