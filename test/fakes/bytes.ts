/** Byte strings as people write them: hex with blanks, in as many parts as there are fields to comment on. */
export function hex(...parts: string[]): string {
  const digits = parts.join("").replace(/\s+/g, "")
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) throw new Error(`not hex: ${parts.join("")}`)
  return Buffer.from(digits, "hex").toString("latin1")
}

/** The other way: "30 03 00 01 61". Refuses what no socket of the chip could carry. */
export function toHex(bytes: string): string {
  if ([...bytes].some((byte) => byte.charCodeAt(0) > 255)) throw new Error(`not bytes: ${JSON.stringify(bytes)}`)
  return Buffer.from(bytes, "latin1")
    .toString("hex")
    .replace(/..(?!$)/g, "$& ")
}

/** Text as the UTF-8 bytes that travel, which is how all text stands in device code. */
export const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1")
