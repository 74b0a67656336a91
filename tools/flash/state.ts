/** How far a flash went. */
export interface State {
  /** What ran does not, and the board has not been restarted since. */
  isStopped?: boolean
  isErased?: boolean
  /** The record is written, and may be whole. */
  isDue?: boolean
  /** The record is whole: the next start tries it. */
  isRecorded?: boolean
  /** The board has been restarted into it. */
  isOnTrial?: boolean
  isConfirmed?: boolean
  /** There is a program to go back to. */
  hasOld?: boolean
}

/** What the board is left with, if it does not answer any more. */
export function leftWith({ isRecorded, isErased }: State): string {
  if (isRecorded) return "At its next start it tries the new program."
  return isErased ? "Its Storage is empty." : "What it ran before it runs at its next start."
}

/** The same for a flash that was stopped, at any time. */
export function leftNow(state: State): string {
  if (state.isConfirmed) return "The new program runs and is kept."
  if (state.isOnTrial) {
    const or = state.hasOld ? "the one before it runs again" : "after three tries the board runs none"
    return `The new program is on trial: it is kept if it is alive after a minute, or else ${or}.`
  }
  if (state.isRecorded) return leftWith(state)
  if (state.isDue) return "What it ran goes on running; at its next start it may try the new program."
  if (state.isStopped || state.isErased) return `${leftWith(state)} Press EN, or flash again.`
  return "The board runs what it ran before."
}
