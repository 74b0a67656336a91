import type { Chip } from "./chip"
import type { Network } from "./socket"
import type { Storage } from "./storage"
import type { Wifi } from "./wifi"

/** Everything a program needs of the world besides its pins. */
export interface Platform {
  readonly chip: Chip
  readonly network: Network
  readonly storage: Storage
  readonly wifi: Wifi
  /** Of a platform that is recorded: bytes that it tells nobody. */
  readonly conceal?: (secret: string) => void
}
