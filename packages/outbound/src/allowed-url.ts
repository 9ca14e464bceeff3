import { isIP } from 'node:net'
import { appError } from '@darkroom/contracts'
import type { AllowList } from './allow-list.ts'
import { isPublicAddress } from './public-address.ts'

const PORT_OF: Record<string, number> = { 'http:': 80, 'https:': 443 }
const WEB_PORTS = Object.values(PORT_OF)

export interface AllowedUrl {
  url: URL
  /** Whether the operator named this very host and port, so that it does not matter where the name leads. */
  isNamed: boolean
}

/**
 * Refuses a URL by what can be said of it before anything is resolved. A name is looked at again when it is connected to: see
 * `createGuardedLookup`.
 * @throws URL_NOT_ALLOWED
 */
export function assertAllowedUrl(text: string, allow: AllowList): AllowedUrl {
  const url = URL.parse(text)
  if (!url) throw appError('URL_NOT_ALLOWED', 'This is not a valid URL.')
  const defaultPort = PORT_OF[url.protocol]
  if (!defaultPort) throw appError('URL_NOT_ALLOWED', 'The URL must start with https:// or http://.')
  if (url.username || url.password)
    throw appError('URL_NOT_ALLOWED', 'The URL must not contain a user name or password.')
  const port = Number(url.port || defaultPort)
  if (allow.permitsHost(url.hostname, port)) return { url, isNamed: true }
  if (!WEB_PORTS.includes(port))
    throw appError('URL_NOT_ALLOWED', `Port ${port} is not allowed. Only ports 80 and 443 are.`)
  // The parser has made 127.0.0.1 out of 127.1, 0x7f.1, 2130706433 and the like. Node never looks a literal address up.
  const literal = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(literal)) assertAllowedAddress(literal, allow)
  else if (isLocalName(literal))
    throw appError('URL_NOT_ALLOWED', 'The host name belongs to the local machine or network.')
  return { url, isNamed: false }
}

/** @throws URL_NOT_ALLOWED, not saying which address it is: that would tell a stranger of the network in here */
export function assertAllowedAddress(address: string, allow: AllowList): void {
  if (isPublicAddress(address) || allow.permitsAddress(address)) return
  throw appError('URL_NOT_ALLOWED', 'The address of the host is not on the public internet.')
}

/** RFC 6761 and 6762, RFC 9476 and ICANN's `internal`: names that no public server answers for. */
const LOCAL_NAME = /^(localhost|.+\.(localhost|local|internal|home\.arpa|alt))$/

const isLocalName = (hostname: string): boolean => LOCAL_NAME.test(hostname.replace(/\.$/, ''))
