import getPort from 'get-port'

/** A port of the loopback interface that nobody has at this moment; the same one is not given twice within seconds. */
export const freePort = (): Promise<number> => getPort({ host: '127.0.0.1' })
