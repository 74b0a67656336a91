import { field, type ConnectPart } from "./encode"

/** User name and password (clauses 3.1.2.8, 3.1.2.9); either may be absent, but 3.1.1 takes no password alone [MQTT-3.1.2-22]. */
export const login = (user?: string, password?: string): ConnectPart => ({
  _flags: (optional(user) ? 128 : 0) | (optional(password) ? 64 : 0),
  _bytes: optional(user) + optional(password),
})

/** A field, also of empty text; nothing when there is none. */
const optional = (text?: string): string => (text === undefined ? "" : field(text))
