import ipaddr from 'ipaddr.js'

/** All that is handed out to the public internet: https://www.iana.org/assignments/ipv6-address-space */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3')

/**
 * Returns whether an address is one of the public internet. Whatever has a special meaning is not: loopback, private, link-local,
 * shared, documentation, multicast, and IPv6 addresses that carry an IPv4 one (mapped, 6to4, Teredo, NAT64), because a
 * gateway would take them to it.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST)
}
