/** MQTT 3.1.1 control packets as whole first bytes (clause 2.2): the flags of all but PUBLISH are fixed. */
export const CONNECT = 0x10
export const CONNACK = 0x20
export const PUBLISH = 0x30
export const PUBACK = 0x40
export const PUBACK_HEADER = "\x40\x02"
export const SUBSCRIBE = 0x82
export const SUBACK = 0x90
export const PINGREQ_BYTES = "\xC0\x00"
export const PINGRESP = 0xd0
export const DISCONNECT_BYTES = "\xE0\x00"

/** PUBLISH flags (clause 3.3.1). */
export const FLAG_RETAIN = 1
export const FLAG_QOS1 = 2
export const FLAG_DUP = 8

/** SUBACK's "failure" (clause 3.9.3); the codes above 2 that the standard reserves are taken for it, too. */
export const SUBACK_FAILURE = 0x80

/** What `publish` and `subscribe` return when they did not accept: always below zero. */
export const E_OFFLINE = -1
/** The queue, the socket or the handler table is full. */
export const E_FULL = -2
/** Larger than `maxPacketBytes`, or than `maxMessageBytes` at QoS 1. */
export const E_TOO_BIG = -3
/** A handler threw. */
export const E_HANDLER = -4

/** Why a connection ended; 1 to 5 are the broker's own CONNACK return codes (clause 3.2.2.3). */
export const DOWN_CLOSED_BY_PEER = 6
export const DOWN_NO_CONNACK = 7
export const DOWN_NO_PINGRESP = 8
export const DOWN_MALFORMED = 9
export const DOWN_LINK_LOST = 10
export const DOWN_BY_US = 11
