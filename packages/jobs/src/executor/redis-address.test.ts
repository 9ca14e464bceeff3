import { describe, expect, it } from 'vitest'
import { parseRedisUrl } from './redis-address.ts'

const OPEN = { login: {}, isEncrypted: false }
const BY_SENTINELS = { kind: 'sentinel', primary: 'mymaster', db: 0, sentinelLogin: {}, ...OPEN }

describe('parseRedisUrl', () => {
  it.each(['redis://localhost:6379', 'rediss://:secret@cache.example:6380/1', 'redis://[::1]:6379'])(
    'takes %s as one server',
    url => expect(parseRedisUrl(url)).toEqual({ kind: 'server', url }),
  )

  it.each([
    ['redis+sentinel://s1/mymaster', { ...BY_SENTINELS, sentinels: [{ host: 's1', port: 26379 }] }],
    [
      'redis+sentinel://s1:26380,10.0.0.2,[::1]:26381/mymaster/3',
      {
        ...BY_SENTINELS,
        db: 3,
        sentinels: [
          { host: 's1', port: 26380 },
          { host: '10.0.0.2', port: 26379 },
          { host: '::1', port: 26381 },
        ],
      },
    ],
    [
      'rediss+sentinel://app:p%40ss%2Fword@s1/the%20primary?sentinel_username=watch&sentinel_password=h%26m',
      {
        ...BY_SENTINELS,
        sentinels: [{ host: 's1', port: 26379 }],
        primary: 'the primary',
        login: { username: 'app', password: 'p@ss/word' },
        sentinelLogin: { username: 'watch', password: 'h&m' },
        isEncrypted: true,
      },
    ],
    [
      'redis+sentinel://app:a:b+c@s1/mymaster?sentinel_password=d:e+f',
      {
        ...BY_SENTINELS,
        sentinels: [{ host: 's1', port: 26379 }],
        login: { username: 'app', password: 'a:b+c' },
        sentinelLogin: { password: 'd:e+f' },
      },
    ],
    [
      'redis+cluster://n1:7000,n2/',
      {
        kind: 'cluster',
        nodes: [
          { host: 'n1', port: 7000 },
          { host: 'n2', port: 6379 },
        ],
        ...OPEN,
      },
    ],
    [
      'rediss+cluster://:secret@n1/0',
      { kind: 'cluster', nodes: [{ host: 'n1', port: 6379 }], login: { password: 'secret' }, isEncrypted: true },
    ],
  ])('reads %s', (url, address) => expect(parseRedisUrl(url)).toEqual(address))

  it.each([
    ['localhost', 'expected redis://host:6379, rediss://host:6379, redis+sentinel://'],
    ['http://localhost', 'expected redis://host:6379'],
    ['redis://one:6379,two:6379', 'expected redis://host:6379'],
    ['redis+sentinels://s1/mymaster', 'expected redis://host:6379'],
    ['redis+sentinel://', 'expected redis://host:6379'],
    ['redis+sentinel://s1:26379', 'the name of the primary'],
    ['redis+sentinel://s1:26379/', 'the name of the primary'],
    ['redis+sentinel://s1/mymaster/zero', 'the number of a database'],
    ['redis+sentinel://s1/mymaster/0/1', 'the number of a database'],
    ['redis+sentinel://s1/mymaster?password=x', 'no options but sentinel_username and sentinel_password'],
    ['redis+sentinel://s1,,s2/mymaster', 'with commas between them'],
    ['redis+cluster://n1:70000', 'with commas between them'],
    ['redis+cluster://n1:6379/1', 'nothing after the hosts'],
    ['redis+cluster://n1?tls=true', 'nothing after the hosts'],
    ['redis+cluster://:100%@n1', 'special characters'],
  ])('refuses %s', (url, message) => expect(() => parseRedisUrl(url)).toThrow(message))
})
