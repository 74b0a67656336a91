/**
 * How long a Wi-Fi station's radio is on. Modem sleep (WIFI_PS_MIN_MODEM, ESP-IDF's default, which Espruino leaves alone): the
 * receiver wakes for every beacon and stays on for a while after each packet.
 */

/** 100 time units of 1,024 us, what access points come with (IEEE 802.11), and DTIM 1. */
const BEACON_INTERVAL_MS = 102.4
/** For one beacon (ESP8266EX Datasheet, note on modem-sleep: 3 ms for each); taken over for its successors, an estimate. */
const BEACON_LISTEN_MS = 3
/** Of the time that a connected radio with nothing to say listens all the same. */
export const BEACON_SHARE = BEACON_LISTEN_MS / BEACON_INTERVAL_MS

/** After a packet the receiver stays on for so long (ESP-IDF, CONFIG_ESP_WIFI_SLP_DEFAULT_MIN_ACTIVE_TIME, 50 ms). */
export const AWAKE_US = 50_000

/** A middling rate of 802.11g: near an access point it is more, at the edge less. */
const RATE_MBPS = 24
/** Preamble and header of an OFDM frame (IEEE 802.11, 18.3: 16 and 4 us). */
const PREAMBLE_US = 20
/** MAC header with QoS 26, check sequence 4, CCMP 16, LLC 8, IP 20, TCP 20 bytes. */
const OVERHEAD_BYTES = 94

/** Of one TCP segment with so many bytes of payload; 0 is a bare acknowledgement. */
export function airtimeUs(payloadBytes: number): number {
  return PREAMBLE_US + ((payloadBytes + OVERHEAD_BYTES) * 8) / RATE_MBPS
}
