/** Topic names and filters (clause 4.7). Text is bytes, so lengths are what the wire counts. */

/**
 * A wildcard, a NUL or nothing at all [MQTT-3.3.2-2], [MQTT-4.7.3-1, -2]. In this order: the interpreter takes a `^` in
 * front for the whole alternation.
 */
export const NOT_A_NAME = /[+#\0]|^$/

/**
 * A wildcard that does not stand alone in its level, or `#` before the last one [MQTT-4.7.1-2, -3]; a NUL or nothing at all.
 */
// oxlint-disable-next-line no-useless-escape -- the interpreter ends a pattern at a bare slash, in a class as well
export const NOT_A_FILTER = /[^\/][+#]|[+#][^\/]|#.|\0|^$/

/** True when a valid `filter` covers `name`. A wildcard in front never covers `$…` [MQTT-4.7.2-1]; `a/#` covers `a`. */
export function topicMatches(filter: string, name: string): boolean {
  const want = filter.split("/")
  const have = name.split("/")
  return (
    (name[0] !== "$" || filter[0] === "$") &&
    (filter.endsWith("#") || want.length === have.length) &&
    want.every((level, at) => level === "#" || (level === "+" && at < have.length) || level === have[at])
  )
}

/** A mistake in the program, and no failure of the world: the only reason to throw. */
export function refuseIf(isWrong: boolean | undefined, what: string): void {
  if (isWrong) throw new Error("topic or QoS: " + what)
}
