/** A certificate or key: PEM text, or the bytes of a PEM file. */
export type Pem = string | Uint8Array

/** How a broker is trusted, and how it may trust us. */
export interface TlsOptions {
  /** Who may have signed the broker's certificate. Default: the authorities that Node trusts. */
  ca?: Pem | Pem[]
  /** Our certificate and its key, for brokers that ask for one. */
  cert?: Pem
  key?: Pem
  /** Opens an encrypted `key`. */
  passphrase?: string
  /** The name that the broker's certificate must have, sent to it as SNI. Default: the host that is dialled. */
  servername?: string
  /** False takes any certificate: then the line is hidden from onlookers, but anyone may play the broker. Default true. */
  rejectUnauthorized?: boolean
  /** Application protocols to offer, such as `["mqtt"]`. Default none. */
  alpnProtocols?: string[]
  /** Told why a connection failed or broke, such as a certificate that is not trusted; "close" follows. */
  onError?: (error: Error) => void
}
