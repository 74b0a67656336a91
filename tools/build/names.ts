import type { Code } from "./program"

/**
 * Members that motewire alone names, on objects that it alone makes: in a bundle they need no name. Only names that nobody would choose for a
 * key of a message: left whole they take 400 bytes of the climate bundle. None that Espruino or a settings record uses.
 */
export const OWN_NAMES = [
  // hal
  ...["crc32", "disarm", "errorFlags", "feedWatchdog", "freeBlocks", "isHigh", "nowMs", "onFault", "startWatchdog"],
  "unwatch",
  // mqtt
  ...["clientId", "isOnline", "keepAliveS", "keepSession", "maxPacketBytes", "maxSubscriptions", "maxUnsentBytes"],
  ...["onDown", "onTrouble", "onUp"],
  // mqtt/v5
  ...["announced", "answerTo", "authenticator", "authMethod", "contentType", "correlationData", "expiryS", "firstData"],
  ...["isProof", "isUtf8", "noLocal", "reasonString", "reauthenticate", "receiveMaximum", "responseTopic"],
  ...["retainAsPublished", "retainHandling", "serverReference", "sessionExpiryS", "topicAliasMaximum"],
  ...["userProperties", "wantsResponseInformation"],
  // net, device
  ...["maxMessageBytes", "maxQueued", "nextMs", "onClientDown", "onClientUp", "onWifiDown", "onWifiUp", "whenFull"],
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
