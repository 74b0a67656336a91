import { spawn, spawnSync, type ChildProcess } from "node:child_process"
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { eventually } from "./eventually"

/** Debian installs it where only root's PATH looks. */
const FILE = ["/usr/sbin/mosquitto", "mosquitto"].find((file) => !spawnSync(file, ["-h"], { stdio: "ignore" }).error)

export const WHY_NO_MOSQUITTO = FILE ? undefined : "no Mosquitto: apt-get install mosquitto"

/** A real broker on a loopback port of its own, which it keeps over restarts. */
export class Mosquitto {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "motewire-broker-"))
  private run: ChildProcess | undefined
  private log = ""

  private constructor(readonly port: number) {
    const config = [
      `listener ${port} 127.0.0.1`,
      "allow_anonymous true",
      // Every change is written within a second, so that a killed broker knows its kept sessions again.
      "persistence true",
      `persistence_location ${this.folder}/`,
      "autosave_on_changes true",
      "autosave_interval 1",
      "max_queued_messages 0",
      "log_dest stderr",
      "log_type subscribe",
    ]
    // Started by root it would become another user, who may not write here.
    if (process.getuid?.() === 0) config.push("user root")
    writeFileSync(path.join(this.folder, "mosquitto.conf"), config.join("\n") + "\n")
  }

  static async start(): Promise<Mosquitto> {
    const broker = new Mosquitto(await freePort())
    await broker.start()
    return broker
  }

  async start(): Promise<void> {
    this.log = ""
    this.run = spawn(FILE!, ["-c", path.join(this.folder, "mosquitto.conf")], { stdio: ["ignore", "ignore", "pipe"] })
    this.run.stderr!.setEncoding("latin1").on("data", (text: string) => (this.log += text))
    for (let isUp = false; !isUp;) isUp = await answers(this.port)
  }

  /** SIGKILL: what it had not saved is lost to it. */
  async kill(): Promise<void> {
    const { run } = this
    run?.kill("SIGKILL")
    await eventually(() => run?.exitCode !== null || run.signalCode !== null, "the broker's end")
  }

  /** Waits until `filter` was subscribed to `times` since the start: what is published before reaches nobody. */
  async subscribed(filter: string, times = 1): Promise<void> {
    await eventually(
      () => this.log.split("\n").filter((line) => line.endsWith(` ${filter}`)).length >= times,
      () => `a subscription to ${filter} in:\n${this.log}`,
    )
  }

  /** True once kept sessions are on disk. */
  hasSaved(): boolean {
    return existsSync(path.join(this.folder, "mosquitto.db"))
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    const end = (isUp: boolean) => {
      socket.destroy()
      setTimeout(resolve, isUp ? 0 : 20, isUp)
    }
    socket.on("connect", () => end(true)).on("error", () => end(false))
  })
}
