import { field, type ConnectPart } from "./encode"

/** User name and password (clauses 3.1.2.8, 3.1.2.9); either may be absent, but 3.1.1 takes no password alone [MQTT-3.1.2-22]. */
export const login = (user?: string, password?: string): ConnectPart => ({
  _flags: (user === undefined ? 0 : 128) | (password === undefined ? 0 : 64),
  _bytes: (user === undefined ? "" : field(user)) + (password === undefined ? "" : field(password)),
})
