/**
 * The chip's one software generator, with its constant seeds: the same sequence on every boot of every chip until
 * E.srand (src/jsutils.c rand and srand, Espruino 2v29). A seed with an empty 16-bit half leaves one of the two
 * generators at zero for ever.
 */
export class ChipRandom {
  private w = 0xdeadbeef
  private z = 0xcafebabe

  /** 31 bits. */
  next(): number {
    this.z = (36969 * (this.z & 65535) + (this.z >>> 16)) >>> 0
    this.w = (18000 * (this.w & 65535) + (this.w >>> 16)) >>> 0
    return (((this.z << 16) + this.w) >>> 0) & 0x7fffffff
  }

  seed(value: number): void {
    const seed = value >>> 0
    this.w = ((seed & 0xffff) | (seed << 16)) >>> 0
    this.z = ((seed & 0xffff0000) | (seed >>> 16)) >>> 0
  }
}
