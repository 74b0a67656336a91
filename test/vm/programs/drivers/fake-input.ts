import type { DigitalIn } from "../../../../src/hal/pin"

/** An input that the program itself moves. */
export function fakeInput(): DigitalIn & { move(isHigh: boolean): void } {
  let onChange: (isHigh: boolean) => void
  let level = false
  return {
    isHigh: () => level,
    watch(run) {
      onChange = run
    },
    move(isHigh) {
      level = isHigh
      onChange(isHigh)
    },
  }
}
