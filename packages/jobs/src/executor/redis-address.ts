/** A server, or one of several that know the others. */
export interface Endpoint {
  host: string
  port: number
}

export interface Login {
  username?: string
  password?: string
}

/** What `REDIS_URL` names: one server, a primary that Sentinels know, or a cluster. */
export type RedisAddress =
  | { kind: 'server'; url: string }
  | {
      kind: 'sentinel'
      sentinels: Endpoint[]
      /** The name under which the Sentinels know the primary. */
      primary: string
      db: number
      login: Login
      sentinelLogin: Login
      isEncrypted: boolean
    }
  | { kind: 'cluster'; nodes: Endpoint[]; login: Login; isEncrypted: boolean }

const FORMS =
  'expected redis://host:6379, rediss://host:6379, redis+sentinel://host1:26379,host2:26379/mymaster or redis+cluster://host1:6379,host2:6379'
const ONE_SERVER = /^rediss?:\/\//
/** scheme, kind, user and password, hosts, path, query */
const SEVERAL = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/
const DEFAULT_PORT = { sentinel: 26379, cluster: 6379 } as const
const SENTINEL_LOGIN = ['sentinel_username', 'sentinel_password'] as const

/** A value of `REDIS_URL` that names no Redis. The message says what was expected, and quotes nothing. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError'
}

/**
 * Parses `REDIS_URL`. Sentinels have the form that Redis clients of other languages share:
 * `redis+sentinel://[user:password@]host[:port][,host[:port]…]/primary[/db][?sentinel_username=…&sentinel_password=…]`;
 * `redis+cluster://` is like it, without what follows the hosts. `rediss+` encrypts every connection.
 * @throws RedisUrlError
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (ONE_SERVER.test(url) && URL.canParse(url)) return { kind: 'server', url }
  const [, scheme, kind, userInfo = '', hosts = '', path = '', query = ''] = SEVERAL.exec(url) ?? []
  const login = readLogin(userInfo)
  const isEncrypted = scheme === 'rediss'
  if (kind === 'sentinel') {
    const [primary = '', db = '0', ...rest] = path.split('/')
    if (primary === '') throw new RedisUrlError('expected the name of the primary after the Sentinels: …/mymaster')
    if (!/^\d+$/.test(db) || rest.length > 0)
      throw new RedisUrlError('expected at most the number of a database after the name of the primary: …/mymaster/0')
    return {
      kind,
      sentinels: readEndpoints(hosts, DEFAULT_PORT.sentinel),
      primary: decode(primary),
      db: Number(db),
      login,
      sentinelLogin: readSentinelLogin(query),
      isEncrypted,
    }
  }
  if (kind === 'cluster') {
    if (!['', '0'].includes(path) || query !== '')
      throw new RedisUrlError('expected nothing after the hosts: a cluster has only database 0, and no options here')
    return { kind, nodes: readEndpoints(hosts, DEFAULT_PORT.cluster), login, isEncrypted }
  }
  throw new RedisUrlError(FORMS)
}

function readEndpoints(hosts: string, defaultPort: number): Endpoint[] {
  return hosts.split(',').map(host => {
    const { hostname = '', port = '' } = URL.parse(`redis://${host}`) ?? {}
    if (hostname === '') throw new RedisUrlError('expected hosts as host:port, with commas between them')
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || defaultPort) }
  })
}

function readLogin(userInfo: string): Login {
  const [, username, password] = /^([^:]*):?(.*)$/s.exec(userInfo) ?? []
  return loginOf(decode(username ?? ''), decode(password ?? ''))
}

function readSentinelLogin(query: string): Login {
  // A plus is a space in what a form sends. Here it is itself, as before the hosts.
  const options = new URLSearchParams(query.replaceAll('+', '%2B'))
  const unknown = [...options.keys()].some(name => !SENTINEL_LOGIN.some(known => known === name))
  if (unknown) throw new RedisUrlError(`expected no options but ${SENTINEL_LOGIN.join(' and ')}`)
  const [username, password] = SENTINEL_LOGIN.map(name => options.get(name) ?? '')
  return loginOf(username, password)
}

const loginOf = (username = '', password = ''): Login => ({
  ...(username && { username }),
  ...(password && { password }),
})

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RedisUrlError('expected special characters of user, password and name as %XX')
  }
}
