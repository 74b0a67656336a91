import type { CloseReason, End } from "../network/connection"
import type { Callee } from "./interpreter"
import { stringBlocks } from "./memory"
import type { PasswordMask } from "./password-mask"

/** The object a program holds. `dSnd` is what has been written and not yet sent: the one sign of backpressure. */
export interface SocketObject {
  /** Undefined before the first write, "" when all is out; after a close, what never went out (ran on 2v29). */
  dSnd?: string
}

export interface SocketState {
  readonly object: SocketObject
  readonly end: End
  onConnect: Callee | undefined
  isConnected: boolean
  /** end() was called: closes once everything is sent. */
  isEnding: boolean
  /** close() or the peer is done with it. */
  isClosed: boolean
  received: string
  /** Bytes of `dSnd` that are out and stand there still, until a drain is played. */
  sent: number
  /** Data that came before there was a listener. */
  unheard: string
  closedBy: CloseReason | undefined
  readonly address: { host: string; port: number }
  /** Of this boot, from 1. */
  readonly connection: number
  readonly mask: PasswordMask
}

export const isUnsent = ({ object, sent }: SocketState): boolean => (object.dSnd?.length ?? 0) > sent

export const blocksOf = (bytes: string): number => (bytes ? stringBlocks(bytes.length) : 0)
