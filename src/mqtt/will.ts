import { field, type ConnectPart } from "./encode"

/** What the broker publishes for us when the connection ends without a DISCONNECT (clauses 3.1.2.5 to 3.1.2.7). */
export const will = (topic: string, payload: string, qos?: 0 | 1 | 2, retain?: boolean): ConnectPart => ({
  _flags: 4 | (qos! << 3) | ((retain as unknown as number) << 5),
  _bytes: field(topic) + field(payload),
})
