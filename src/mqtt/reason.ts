// In the order of the codes: CONNACK 1 to 5 (clause 3.2.2.3), then DOWN_CLOSED_BY_PEER (6) and on.
const WORDS =
  ",wrong protocol version,client id refused,broker unavailable,wrong user or password,not authorised,closed by broker,no CONNACK,no PINGRESP,malformed packet,link lost,closed,too many messages".split(
    ",",
  )

/** A phrase for the log that says why a connection is down; explain.ts says more, for more bytes. */
export const reasonText = (reason: number): string => WORDS[reason] || "reason " + reason
