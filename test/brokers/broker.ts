/** A real MQTT broker on loopback that a test may start, end in the middle of traffic, and start again. */
export interface RealBroker {
  readonly name: string
  /** Chosen at the first start and kept over restarts; 0 before. */
  readonly port: number
  /** Its own, with all that it keeps; "" before the first start and after the stop. */
  readonly folder: string
  readonly grants: {
    /** The most that SUBACK grants; what a broker does with a PUBLISH above it is said in its file. */
    maximumQos: 0 | 1 | 2
    /** MQTT 3.1.1 is 4 on the wire. */
    versions: (4 | 5)[]
  }
  /** False where a restarted broker has forgotten sessions and retained messages. */
  readonly keepsSessions: boolean
  /** The hardest end after which it still owes everything that it has acknowledged; each file says why. */
  readonly losesNothingOn: EndSignal
  /** A retained message is safe only this long after its acknowledgement; 0 where it is safe with it. */
  readonly retainedIsSafeAfterMs: number
  /** Resolves once a CONNECT is answered. */
  start(): Promise<void>
  /** Ends it at once, by default with `losesNothingOn`, and resolves when it is gone. Its port refuses from then on. */
  kill(signal?: EndSignal): Promise<void>
  /** Back on the same port with the state it kept; kills it first if it runs. */
  restart(): Promise<void>
  /** Ends it, removes its folder. May be called twice, and without a start. */
  stop(): Promise<void>
}

export type EndSignal = "SIGKILL" | "SIGTERM"
