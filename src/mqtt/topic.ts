/** Topic names and filters (clause 4.7). Text is bytes, so lengths are what the wire counts. */

/**
 * A wildcard, a NUL or nothing at all [MQTT-3.3.2-2], [MQTT-4.7.3-1, -2]. In this order: the interpreter takes a `^` in
 * front for the whole alternation.
 */
const NOT_A_NAME = /[+#\0]|^$/

/** True for a name that may be published to. */
export const isTopicName = (name: string): boolean => !NOT_A_NAME.test(name)

/** True for a filter whose wildcards stand alone in their level, `#` in the last one [MQTT-4.7.1-2, -3]. */
export const isTopicFilter = (filter: string): boolean =>
  !!filter &&
  filter
    .split("/")
    .every(
      (level, at, levels) =>
        !level || level === "+" || (level === "#" && at === levels.length - 1) || isTopicName(level),
    )

/** True when a valid `filter` covers `name`. A wildcard in front never covers `$…` [MQTT-4.7.2-1]; `a/#` covers `a`. */
export function topicMatches(filter: string, name: string): boolean {
  const want = filter.split("/")
  const have = name.split("/")
  if (filter.endsWith("#")) {
    want.pop()
    have.splice(want.length)
  }
  return (
    (name[0] !== "$" || filter[0] === "$") &&
    want.length === have.length &&
    want.every((level, at) => level === "+" || level === have[at])
  )
}
