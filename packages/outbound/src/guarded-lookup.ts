import type { LookupAddress, LookupOptions } from 'node:dns'
import { Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { appError } from '@darkroom/contracts'
import type { AllowList } from './allow-list.ts'
import { assertAllowedAddress } from './allowed-url.ts'

/** Every address of a name; empty when it has none. */
export type Resolve = (hostname: string) => Promise<string[]>

const DNS_TIMEOUT_MS = 2000
const DNS_TRIES = 2

/**
 * Asks the name servers themselves: those of the system, or `servers` as `address:port`. `dns.lookup` would take one of four threads that the whole process shares, for as long
 * as somebody's slow name server likes.
 */
export function createResolve(servers?: readonly string[]): Resolve {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_TRIES })
  if (servers) resolver.setServers(servers)
  return async hostname => {
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    return answers.flatMap(answer => (answer.status === 'fulfilled' ? answer.value : []))
  }
}

/**
 * Creates the check of the very addresses that are connected to, so that no name can lead elsewhere between a check and its use.
 * One address that is not allowed is enough to refuse the name: whoever serves it is up to something.
 */
export function createGuardedLookup(allow: AllowList, resolve: Resolve): LookupFunction {
  const addressesOf = async (hostname: string, { family }: LookupOptions): Promise<LookupAddress[]> => {
    const addresses = await resolve(hostname)
    for (const address of addresses) assertAllowedAddress(address, allow)
    const found = addresses.map(address => ({ address, family: isIP(address) }))
    const wanted = found.filter(each => !family || family === each.family || family === `IPv${each.family}`)
    if (wanted.length === 0) throw appError('URL_UNREACHABLE', 'The host name has no address.')
    return wanted
  }
  return (hostname, options, callback) => {
    addressesOf(hostname, options).then(
      addresses => {
        const [first] = addresses
        if (options.all) callback(null, addresses)
        else callback(null, first?.address ?? '', first?.family)
      },
      error => callback(error, ''),
    )
  }
}
