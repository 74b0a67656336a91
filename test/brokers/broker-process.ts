import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { eventually } from "../vm/eventually"
import type { EndSignal, RealBroker } from "./broker"
import { freePort, takesClients } from "./port"

const LOOK_EVERY_MS = 20
const LOG_TAIL_CHARACTERS = 4000

export interface Command {
  file: string
  args: string[]
  env?: Record<string, string>
}

/** The life that all brokers share: one process, one folder, one port. What differs is a command and the files it reads. */
export abstract class BrokerProcess implements RealBroker {
  abstract readonly name: string
  abstract readonly grants: RealBroker["grants"]
  abstract readonly keepsSessions: boolean
  abstract readonly losesNothingOn: EndSignal
  readonly retainedIsSafeAfterMs: number = 0
  port = 0
  folder = ""
  /** What it has written since it was started last. */
  protected log = ""
  protected startWithinMs = 10_000
  private run: ChildProcess | undefined

  /** Called once, when port and folder are there. */
  protected abstract prepare(): Promise<void> | void
  protected abstract command(): Command

  async start(): Promise<void> {
    if (this.isRunning()) throw new Error(`${this.name} runs already`)
    await this.settle()
    const { file, args, env } = this.command()
    this.log = ""
    const run = spawnBound(file, args, { ...process.env, ...env })
    this.run = run
    for (const stream of [run.stdout!, run.stderr!])
      stream.setEncoding("latin1").on("data", (text: string) => (this.log += text))
    const endMs = performance.now() + this.startWithinMs
    while (!(await this.isReady())) {
      if (!this.isRunning()) throw new Error(`${this.name} ended as it started:\n${this.tail()}`)
      if (performance.now() > endMs) throw new Error(`${this.name} took no client:\n${this.tail()}`)
      await sleep(LOOK_EVERY_MS)
    }
  }

  async kill(signal: EndSignal = this.losesNothingOn): Promise<void> {
    if (!this.isRunning()) return
    this.run!.kill(signal)
    await eventually(
      () => !this.isRunning(),
      () => `the end of ${this.name}:\n${this.tail()}`,
      20_000,
    )
  }

  async restart(): Promise<void> {
    await this.kill()
    await this.start()
  }

  async stop(): Promise<void> {
    await this.kill("SIGKILL")
    if (this.folder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
    this.folder = ""
    this.port = 0
  }

  isRunning(): boolean {
    return (
      this.run !== undefined && this.run.exitCode === null && this.run.signalCode === null && this.run.pid !== undefined
    )
  }

  protected isReady(): Promise<boolean> {
    return takesClients(this.port)
  }

  /** Port and folder, once; a cluster does this for all its nodes before any of them starts. */
  async settle(): Promise<void> {
    if (this.folder) return
    this.folder = mkdtempSync(path.join(tmpdir(), "motewire-broker-"))
    this.port = await freePort()
    await this.prepare()
  }

  private tail(): string {
    return this.log.slice(-LOG_TAIL_CHARACTERS)
  }
}

const bound = new Set<ChildProcess>()
process.on("exit", () => bound.forEach((run) => run.kill("SIGKILL")))

/** Spawns a process that ends with this one, should a test fail to end it. */
export function spawnBound(file: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  // Its input is a pipe that nothing is written to: what listens for the end of it learns of this process's end.
  const run = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env })
  bound.add(run)
  run.on("error", () => {}).on("exit", () => bound.delete(run))
  return run
}

/** The first of `files` that can be run. Debian installs servers where only root's PATH looks. */
export function findServer(files: string[], argument: string): string | undefined {
  return files.find((file) => !spawnSync(file, [argument], { stdio: "ignore" }).error)
}
