import vm from "node:vm"

/**
 * Runs host work that may call into programs, under one watchdog: V8 terminates whatever is running once `limitMs` of
 * host time are over, even `for (;;) {}`. Neither `catch` nor `finally` of the terminated code runs.
 * A watchdog costs about 0.1 ms, hence one per slice and not one per callback.
 * Returns false when the work was terminated.
 */
export function runSlice(work: () => void, limitMs: number): boolean {
  trampoline.work = work
  try {
    script.runInContext(context, { timeout: limitMs })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") return false
    throw error
  } finally {
    trampoline.work = undefined
  }
}

const trampoline: { work?: () => void } = {}
const context = vm.createContext(trampoline)
const script = new vm.Script("work()", { filename: "slice" })
