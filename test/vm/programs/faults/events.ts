declare const E: { on(event: string, run: (text: string) => void): void; emit(event: string, text: string): void }

/** Gives what makes the event. */
export function startEvents(): () => void {
  E.on("knock", (text) => {
    const parts = text.split(",")
    parts[3]!.trim() // FAULT event
  })
  return () => E.emit("knock", "one,two")
}
