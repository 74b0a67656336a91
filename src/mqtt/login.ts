import { field, type ConnectPart } from "./encode"

/**
 * User name and password (clauses 3.1.3.4, 3.1.3.5): bytes, at most 65,535 each. Without a user an empty one is sent, since 3.1.1
 * takes no password alone [MQTT-3.1.2-22]; without a password there is none.
 */
export const login = (user?: string, password?: string): ConnectPart => ({
  _flags: password === undefined ? 128 : 192,
  _bytes: field(user || "") + (password === undefined ? "" : field(password)),
})
