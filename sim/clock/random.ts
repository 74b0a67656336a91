/**
 * Seeded randomness. Each consumer splits off its own stream by name, so that adding a part or a board
 * does not shift what the others draw.
 */
export class Random {
  private state: number
  private readonly seed: number

  constructor(seed: number) {
    this.seed = mix(seed | 0)
    this.state = this.seed
  }

  /** Independent of how many numbers were drawn here before: only the seed and the name count. */
  split(name: string): Random {
    return new Random(this.seed ^ hash(name))
  }

  /** Uniform in [0, 1). mulberry32 (public domain, T. Ettinger). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Integer from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count)
  }
}

/** FNV-1a, 32 bit. */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value
}

/** Neighbouring seeds must not give neighbouring streams (murmur3's finaliser). */
export function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return value ^ (value >>> 16)
}
