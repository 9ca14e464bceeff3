import { randomInt } from 'node:crypto'
import getPort from 'get-port'

/** Below the range out of which the system gives ports to outgoing connections, so that none of them takes it before its server does. */
const FIRST = 20_000
const LAST = 32_000
const TRIED = 50

/** Finds a free port of the loopback interface. The same one is not returned twice within seconds. */
export const freePort = (): Promise<number> =>
  // At random, because other processes look for ports at the same time.
  getPort({ host: '127.0.0.1', port: Array.from({ length: TRIED }, () => randomInt(FIRST, LAST)) })
