import type { Network, Socket } from "../../socket"
import type { Recorder } from "./recorder"

declare const btoa: (bytes: string) => string

/** The firmware's socket, which calls its handlers with itself as `this`; `_way` is how they find the one that records. */
interface RawSocket extends Socket {
  _way?: unknown
}

type OnData = (bytes: string) => void
type OnEvent = () => void

/** Connections count from 1, in the order in which they opened. Nothing is made per packet, and nothing is left of a closed socket. */
export function recordNetwork(network: Network, recorder: Recorder): Network {
  let opened = 0

  class RecordedSocket implements Socket {
    _onOpen: OnEvent | undefined
    _onData: OnData | undefined
    _onClose: OnEvent | undefined
    _onDrain: OnEvent | undefined

    constructor(
      readonly _socket: RawSocket,
      readonly _field: string,
    ) {
      this._onOpen = this._onData = this._onClose = this._onDrain = undefined
      _socket._way = this
    }

    get dSnd() {
      return this._socket.dSnd
    }

    write(bytes: string): unknown {
      recorder.note("T" + this._field + "," + btoa(recorder.masked(bytes)))
      return this._socket.write(bytes)
    }

    end(): void {
      recorder.note("E" + this._field)
      this._socket.end()
    }

    on(event: string, run: OnData & OnEvent): void {
      if (event === "data") {
        this._onData = run
        this._socket.on("data", onData)
      } else if (event === "close") {
        this._onClose = run
        this._socket.on("close", onClose)
      } else {
        this._onDrain = run
        this._socket.on("drain", onDrain)
      }
    }

    removeAllListeners(): void {
      this._socket.removeAllListeners()
      // Each holds the other: with this, both can go.
      this._socket._way = undefined
    }
  }

  function onOpen(this: unknown): void {
    const way = (this as RawSocket)._way as RecordedSocket | undefined
    if (!way) return
    recorder.enter("o", "," + way._field)
    way._onOpen!()
  }

  function onData(this: unknown, bytes: string): void {
    const way = (this as RawSocket)._way as RecordedSocket | undefined
    if (!way) return
    recorder.enter("r", "," + way._field + "," + btoa(bytes))
    way._onData!(bytes)
  }

  function onClose(this: unknown): void {
    const way = (this as RawSocket)._way as RecordedSocket | undefined
    if (!way) return
    recorder.enter("k", "," + way._field)
    way._onClose!.call(way)
  }

  function onDrain(this: unknown): void {
    const way = (this as RawSocket)._way as RecordedSocket | undefined
    if (!way) return
    recorder.enter("d", "," + way._field)
    way._onDrain!()
  }

  return {
    connect(address, onConnect) {
      const place = "," + address.host + "," + address.port
      try {
        const way = new RecordedSocket(network.connect(address, onOpen), "" + ++opened)
        way._onOpen = onConnect
        recorder.enter("C", "," + opened + place)
        return way as Socket
      } catch (error) {
        recorder.enter("c", place)
        throw error
      }
    },
  }
}
