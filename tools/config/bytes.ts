/** UTF-8 bytes as characters 0 to 255: the only text the chip knows (DESIGN.md D3). */
export const byteString = (text: string): string => Buffer.from(text, "utf8").toString("latin1")

export const byteLength = (text: string): number => Buffer.byteLength(text, "utf8")
