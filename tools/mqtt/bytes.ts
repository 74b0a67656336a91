/** Text as the byte string that the client takes and gives: its UTF-8, one character per byte. */
export const toBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1")

/** What a byte string says, when it is UTF-8; bytes that are not become U+FFFD. */
export const toText = (bytes: string): string => Buffer.from(bytes, "latin1").toString("utf8")
