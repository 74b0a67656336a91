/** What lamps of one colour at a time take, whatever makes their light. */

export interface ColourBulb {
  /**
   * Fades from what is shown now. Colour channels and `brightness` 0 to 255, values outside are clipped; `transitionMs` 0 changes
   * at once, 400 unless told. A new call takes over from the running one without a jump.
   */
  set(red: number, green: number, blue: number, brightness: number, transitionMs?: number): void
}
