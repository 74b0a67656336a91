/** The chip's flash files, shaped so that Espruino's `Storage` module satisfies it. Data are byte strings. */
export interface Storage {
  /** The whole file, or undefined when there is none. On the chip it stands in flash: copy what has to outlive the file. */
  read(name: string): string | undefined
  /**
   * A changed file is erased before it is written again: power lost in between loses both. With `size` so many bytes are
   * reserved, and what is not written yet may be later, at `offset`, without erasing. Throws when it does not fit, a changed
   * file being lost by then, and when other bytes stand at `offset`. `name` is cut at 28 characters by the firmware.
   */
  write(name: string, data: string, offset?: number, size?: number): boolean
  /** Marks the file as erased, if there is one. Returns undefined. */
  erase(name: string): unknown
  /** Bytes behind the last file, and those of erased files, which nothing but a compaction gives back. */
  getStats(): { freeBytes: number; trashBytes: number }
}
