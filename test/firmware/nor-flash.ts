const SECTOR_BYTES = 4096

/** Flash memory: erasing sets the bits of whole sectors, programming only clears bits. */
export class NorFlash {
  readonly bytes: Buffer

  constructor(size: number) {
    this.bytes = Buffer.alloc(size, 0xff)
  }

  /** False where it is no whole sectors of this flash. */
  erase(offset: number, bytes: number): boolean {
    if (offset % SECTOR_BYTES || bytes % SECTOR_BYTES || offset + bytes > this.bytes.length) return false
    this.bytes.fill(0xff, offset, offset + bytes)
    return true
  }

  program(offset: number, data: Buffer): void {
    for (const [index, byte] of data.entries()) this.bytes[offset + index] &= byte
  }
}

/** Sectors that `bytes` from `offset` on touch, as a stretch. */
export const sectorsOf = (bytes: number): number => Math.ceil(bytes / SECTOR_BYTES) * SECTOR_BYTES
