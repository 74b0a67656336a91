import type { Code } from "./program"

/**
 * Members that motewire alone names, on objects that it alone makes: in a bundle they need no name. Left whole they took
 * 500 bytes of the climate bundle. Nothing that Espruino, a settings record or a JSON text names may stand here.
 */
export const OWN_NAMES = [
  // hal/chip, hal/platform, hal/clock, hal/pin
  ...[
    "arm",
    "chip",
    "crc32",
    "disarm",
    "errorFlags",
    "freeBlocks",
    "feedWatchdog",
    "nowMs",
    "onFault",
    "seed",
    "serial",
  ],
  ...["alarm", "isHigh", "low", "network", "platform", "release", "startWatchdog", "storage", "unwatch", "wifi"],
  // mqtt
  ...["clientId", "dropped", "isOnline", "keepAliveS", "keepSession", "maxPacketBytes", "maxSubscriptions"],
  ...["maxUnsentBytes", "onDown", "onTrouble", "onUp", "pending"],
  // net, device
  ...["clock", "maxMessageBytes", "maxQueued", "nextMs", "onClientDown", "onClientUp", "onWifiDown", "onWifiUp"],
  ...["restart", "settings", "whenFull"],
  // drivers
  "sample",
]

/**
 * The members that lose their names in this bundle: those that start with an underscore, and our own names unless a file
 * of the user's mentions one. It may be a key of a JSON text there, which no type tells.
 */
export function manglable({ map }: Code): RegExp {
  const { sources, sourcesContent } = JSON.parse(map) as { sources: string[]; sourcesContent: (string | null)[] }
  const foreign = sourcesContent.filter((_, at) => !isLibrary(sources[at]!)).join("\n")
  const mentioned = new Set(foreign.match(/[\w$]+/g))
  return new RegExp(`^(_.*|${OWN_NAMES.filter((name) => !mentioned.has(name)).join("|")})$`)
}

/** Programs are users' files wherever they stand; the rest of src is ours. */
const isLibrary = (source: string): boolean => /(^|\/)src\/(?!apps\/)/.test(source)
