import net from "node:net"
import type nodeTls from "node:tls"
import type { Pem, TlsOptions } from "./tls-options"

/** SNI takes names only (RFC 6066, clause 3). */
export const nameToSend = (host: string): string => (net.isIP(host) ? "" : host)

const bytes = (pem: Pem): string | Buffer => (typeof pem === "string" ? pem : Buffer.from(pem))

/** The part that says whom to trust and who we are. */
export const contextOptions = ({ ca, cert, key, passphrase }: TlsOptions): nodeTls.SecureContextOptions => ({
  ...(ca && { ca: [ca].flat().map(bytes) }),
  ...(cert && { cert: bytes(cert) }),
  ...(key && { key: bytes(key) }),
  ...(passphrase !== undefined && { passphrase }),
})

/** The part that belongs to one connection. */
export const connectionOptions = ({ servername, rejectUnauthorized, alpnProtocols }: TlsOptions) => ({
  ...(servername !== undefined && { servername }),
  ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  ...(alpnProtocols && { ALPNProtocols: alpnProtocols }),
})
