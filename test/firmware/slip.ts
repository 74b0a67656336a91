/** SLIP as Espressif's boot loaders speak it: a frame begins and ends with 0xC0 (RFC 1055 has it at the end alone). */

const END = 0xc0
const ESCAPE = 0xdb
const ESCAPED_END = 0xdc
const ESCAPED_ESCAPE = 0xdd

export function frame(bytes: Buffer): Buffer {
  const escaped = [...bytes].flatMap((byte) =>
    byte === END ? [ESCAPE, ESCAPED_END] : byte === ESCAPE ? [ESCAPE, ESCAPED_ESCAPE] : [byte],
  )
  return Buffer.from([END, ...escaped, END])
}

/** Takes a stream apart: frames, and what stands between them. */
export class SlipReader {
  private inside: number[] | undefined
  private isEscaped = false

  constructor(
    private readonly onFrame: (bytes: Buffer) => void,
    private readonly onOther: (byte: number) => void,
  ) {}

  forget(): void {
    this.inside = undefined
    this.isEscaped = false
  }

  take(bytes: Buffer): void {
    for (const byte of bytes) this.takeByte(byte)
  }

  private takeByte(byte: number): void {
    if (byte === END) {
      const done = this.inside
      // Two in a row: the second one begins the frame.
      this.inside = done?.length ? undefined : []
      if (done?.length) this.onFrame(Buffer.from(done))
    } else if (!this.inside) {
      this.onOther(byte)
    } else if (byte === ESCAPE) {
      this.isEscaped = true
    } else {
      this.inside.push(this.isEscaped ? (byte === ESCAPED_END ? END : ESCAPE) : byte)
      this.isEscaped = false
    }
  }
}
