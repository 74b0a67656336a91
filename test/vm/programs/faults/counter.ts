/** A closure as the drivers are. */
export function counter() {
  let count = 0
  const listeners: (() => void)[] = []

  function tell(nth: number): void {
    listeners[nth]!() // FAULT closure
  }

  return {
    up(): void {
      count++
      tell(count)
    },
  }
}
