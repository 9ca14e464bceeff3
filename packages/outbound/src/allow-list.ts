import ipaddr from 'ipaddr.js'

/** What may be called although it is not on the public internet, or not on a port of the web. */
export interface AllowList {
  /** Whether this host is allowed by name on this port, wherever the name leads. */
  permitsHost(hostname: string, port: number): boolean
  /** Whether this address is allowed, on a port of the web. */
  permitsAddress(address: string): boolean
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):(\*|\d{1,5})$/i

/**
 * Entries are `host:port`, with `*` for every port, or a range of addresses such as `10.1.0.0/16`.
 * @throws Error naming the entry that is neither
 */
export function parseAllowList(entries: readonly string[]): AllowList {
  const hosts = new Set<string>()
  const ranges: ReturnType<typeof ipaddr.parseCIDR>[] = []
  for (const entry of entries) {
    if (HOST.test(entry)) hosts.add(entry.toLowerCase())
    else if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry))
    else throw new Error(`expected host:port, host:* or a range such as 10.1.0.0/16, not "${entry}"`)
  }
  return {
    permitsHost: (hostname, port) => hosts.has(`${hostname}:${port}`) || hosts.has(`${hostname}:*`),
    permitsAddress(text) {
      if (!ipaddr.isValid(text)) return false
      const address = ipaddr.parse(text)
      return ranges.some(range => address.kind() === range[0].kind() && address.match(range))
    },
  }
}
