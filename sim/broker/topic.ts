/** Topic names and filters, MQTT 3.1.1 and 5.0 §4.7. Written from the standard, not shared with src/mqtt: errors must not cancel. */

export function isTopicName(topic: string): boolean {
  return topic.length > 0 && !/[+#\0]/.test(topic)
}

/** `#` only as the last whole level, `+` only as a whole level [MQTT-4.7.1-2, -3]. */
export function isTopicFilter(filter: string): boolean {
  if (filter.length === 0 || filter.includes("\0")) return false
  const levels = filter.split("/")
  return levels.every((level, i) => {
    if (level === "#") return i === levels.length - 1
    return level === "+" || !/[+#]/.test(level)
  })
}

export function hasWildcard(filter: string): boolean {
  return /[+#]/.test(filter)
}

/** The filter inside `$share/group/filter`; undefined for one that is not shared. Its validity is asked separately. */
export function unshared(filter: string): string | undefined {
  if (!filter.startsWith("$share/")) return undefined
  return filter.split("/").slice(2).join("/")
}

/** [MQTT-4.8.2-1, -2] a group's name has a character at least and no wildcard; a filter follows it. */
export function isSubscribable(filter: string): boolean {
  const inner = unshared(filter)
  if (inner === undefined) return isTopicFilter(filter)
  const group = filter.split("/")[1]
  return group !== "" && !/[+#\0]/.test(group) && isTopicFilter(inner)
}

export function topicMatches(filter: string, topic: string): boolean {
  return levelsMatch(filter.split("/"), topic.split("/"))
}

/** For many filters and one topic: both split at their slashes before. */
export function levelsMatch(pattern: readonly string[], levels: readonly string[]): boolean {
  // [MQTT-4.7.2-1] a leading wildcard never matches $SYS and its kind
  if (levels[0].startsWith("$") && (pattern[0] === "+" || pattern[0] === "#")) return false
  for (let i = 0; i < pattern.length; i++) {
    // `sport/#` matches `sport` too: at this point i may equal the number of levels
    if (pattern[i] === "#") return true
    if (i >= levels.length || (pattern[i] !== "+" && pattern[i] !== levels[i])) return false
  }
  return pattern.length === levels.length
}
