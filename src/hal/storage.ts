/**
 * The chip's flash files, shaped so that Espruino's `Storage` module satisfies it. Data are byte strings.
 * A changed file is erased before it is written again: power lost in between loses both.
 */
export interface Storage {
  /** The whole file, or undefined when there is none. */
  read(name: string): string | undefined
  /** False when it does not fit. `name` is cut at 28 characters by the firmware. */
  write(name: string, data: string): boolean
}
