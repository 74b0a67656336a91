import { Worker } from "node:worker_threads"
import { Failure } from "../../failure"
import { PULSE_DEVICE, PULSE_TURNS, type FromWorker, type Setup, type Summary, type ToWorker } from "./protocol"

/** The house stops an endless loop by itself after its slice limit; this is for what it cannot stop. */
const HANG_MS = 10_000
const LOOK_MS = 1000
/** A board's variables are 35 kB on the chip; the rest is V8, the bundles and the broker's kept messages. */
const HEAP_MB = 512

/** The thread that runs the house, watched from outside: whatever it does, the command ends. */
export class Host {
  /** Resolves with the summary when the run ended by itself or was stopped; rejects when it died or hung. */
  readonly ended: Promise<Summary>
  private readonly worker: Worker
  private readonly turns: Int32Array
  private seen = 0
  private looks = 0

  constructor(
    workerFile: string,
    private readonly setup: Setup,
    private readonly onMessage: (message: FromWorker) => void,
    private readonly limits = { hangMs: HANG_MS, lookMs: LOOK_MS, heapMb: HEAP_MB },
  ) {
    this.turns = new Int32Array(setup.pulse)
    this.worker = new Worker(workerFile, {
      workerData: setup,
      resourceLimits: { maxOldGenerationSizeMb: limits.heapMb },
    })
    this.ended = this.watch()
  }

  /** Asks the house to end; a house that does not answer is put down by `watch`. */
  stop(): void {
    this.ask({ ask: "stop" })
  }

  ask(question: ToWorker): void {
    this.worker.postMessage(question)
  }

  private watch(): Promise<Summary> {
    return new Promise<Summary>((resolve, reject) => {
      const look = setInterval(() => this.look(reject), this.limits.lookMs)
      this.worker.on("message", (message: FromWorker) => {
        if (message.say === "ended") resolve(message.summary)
        else if (message.say === "refused") reject(new Failure(message.reason))
        else this.onMessage(message)
      })
      this.worker.on("error", (error) => reject(this.died(error)))
      this.worker.on("exit", () => {
        clearInterval(look)
        reject(new Failure(`the simulator ended without a word${this.whileRunning()}.`))
      })
    }).finally(() => this.worker.terminate())
  }

  private look(reject: (failure: Failure) => void): void {
    const turns = Atomics.load(this.turns, PULSE_TURNS)
    this.looks = turns === this.seen ? this.looks + 1 : 0
    this.seen = turns
    const { hangMs, lookMs } = this.limits
    if (this.looks * lookMs < hangMs) return
    const seconds = hangMs / 1000
    reject(new Failure(`the simulator has stood still for ${seconds} s${this.whileRunning()}. Look there for a loop.`))
  }

  private died(error: Error & { code?: string }): Error {
    if (error.code === "ERR_WORKER_OUT_OF_MEMORY")
      return new Failure(`the simulator ran out of memory (${this.limits.heapMb} MB)${this.whileRunning()}.`)
    return error
  }

  /** " while climate was running": the last board seen at work. */
  private whileRunning(): string {
    const device = this.setup.devices[Atomics.load(this.turns, PULSE_DEVICE) - 1]
    return device ? ` while ${device.name} was running` : ""
  }
}
