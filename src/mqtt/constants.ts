/** MQTT control packets as whole first bytes (clause 2.2 of both versions): the flags of all but PUBLISH are fixed. */
export const CONNECT = 0x10
export const CONNACK = 0x20
export const PUBLISH = 0x30
export const SUBSCRIBE = 0x82
export const SUBACK = 0x90
export const UNSUBSCRIBE = 0xa2
export const UNSUBACK = 0xb0
export const PINGREQ_BYTES = "\xC0\x00"
export const PINGRESP_BYTES = "\xD0\x00"
export const DISCONNECT_BYTES = "\xE0\x00"

/** The first two bytes of an acknowledgement whose rest is the packet id (clauses 3.4 to 3.7). */
export const PUBACK_HEADER = "\x40\x02"
export const PUBREC_HEADER = "\x50\x02"
export const PUBREL_HEADER = "\x62\x02"
export const PUBCOMP_HEADER = "\x70\x02"

/** The first byte of a PUBLISH at QoS 1 (clause 3.3.1), as a string: they compare byte by byte. */
export const QOS1 = "2"
/** PUBLISH flags (clause 3.3.1). */
export const FLAG_RETAIN = 1
export const FLAG_DUP = 8

/** What `publish` and `subscribe` return when they did not accept: always below zero. */
export const E_OFFLINE = -1
/** The queue, the socket or the handler table is full. */
export const E_FULL = -2
/** Larger than `maxPacketBytes`, than `maxMessageBytes` at QoS 1 and 2, or than the broker takes. */
export const E_TOO_BIG = -3
/** A handler threw. */
export const E_HANDLER = -4
/**
 * The broker granted a subscription a lower QoS than was asked for, or took a QoS 2 message at QoS 1, or closed the connection
 * at QoS 2 messages again and again, so that they go out at QoS 1 from now on. Nothing is lost, but messages may come twice.
 */
export const E_LOWER_QOS = -5
/** Persistence could not keep the message: Storage is full. */
export const E_STORAGE = -6
/** The message waited longer than its expiry (MQTT 5). */
export const E_EXPIRED = -8
/** The broker takes no retained messages, or not this QoS: refused, or sent without what it does not take (MQTT 5). */
export const E_NOT_SUPPORTED = -9
/** Nobody answered a request in time; or the message to answer asks for no answer (MQTT 5). */
export const E_NO_RESPONSE = -10
/** The broker lost the session while it was finishing a QoS 2 message, which it had: it may not have passed it on. */
export const E_SESSION_LOST = -11

/** Why a connection ended; 1 to 5 are the broker's own CONNACK return codes (3.1.1, clause 3.2.2.3), 128 and up MQTT 5 reasons. */
export const DOWN_CLOSED_BY_PEER = 6
export const DOWN_NO_CONNACK = 7
export const DOWN_NO_PINGRESP = 8
export const DOWN_MALFORMED = 9
export const DOWN_LINK_LOST = 10
export const DOWN_BY_US = 11
/** More unfinished QoS 2 messages came in than MAX_RECEIVED of qos2.ts. 3.1.1 alone: in 5.0 the reason is 0x93. */
export const DOWN_TOO_MANY = 12
