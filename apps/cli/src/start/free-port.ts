import { ConfigError } from '@darkroom/core'
import getPort from 'get-port'

const TRIED = 100
const LAST_PORT = 65_535

/** Finds a free port: the wanted one, else the next free one; any for 0. @throws ConfigError for an invalid host */
export async function freePort(
  { what, wanted, host }: { what: string; wanted: number; host: string },
  say: (text: string) => void,
): Promise<number> {
  const count = wanted === 0 ? 1 : Math.min(TRIED, LAST_PORT - wanted) + 1
  const port = await getPort({ host, port: Array.from({ length: count }, (_, step) => wanted + step) }).catch(error => {
    throw new ConfigError([`HOST: expected an address of this machine, not "${host}" (${error.message})`])
  })
  if (wanted !== 0 && port !== wanted) say(`port ${wanted} is already in use; the ${what} listens on ${port}`)
  return port
}
