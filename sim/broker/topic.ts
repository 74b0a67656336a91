/** Topic names and filters, MQTT 3.1.1 §4.7. Written from the standard, not shared with src/mqtt: errors must not cancel. */

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

export function topicMatches(filter: string, topic: string): boolean {
  // [MQTT-4.7.2-1] a leading wildcard never matches $SYS and its kind
  if (topic.startsWith("$") && (filter.startsWith("+") || filter.startsWith("#"))) return false
  const levels = topic.split("/")
  const pattern = filter.split("/")
  for (let i = 0; i < pattern.length; i++) {
    // `sport/#` matches `sport` too: at this point i may equal the number of levels
    if (pattern[i] === "#") return true
    if (i >= levels.length || (pattern[i] !== "+" && pattern[i] !== levels[i])) return false
  }
  return pattern.length === levels.length
}
