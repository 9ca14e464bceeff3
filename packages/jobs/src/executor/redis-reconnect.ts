import { Cluster, type Redis } from 'ioredis'
import type { RedisClient } from './redis-client.ts'

/**
 * Calls back whenever entries may be lost: a connection is restored, or another server of a cluster has become a primary (its replica
 * may lack the last entries). @returns a function that stops it
 */
export function onReconnect(client: RedisClient, callback: () => void): () => void {
  return client instanceof Cluster ? onClusterChange(client, callback) : listen(client, 'ready', callback)
}

function onClusterChange(cluster: Cluster, callback: () => void): () => void {
  let primaries = primariesOf(cluster)
  // `ready` of the cluster itself comes once, and again only when all nodes were gone.
  const stops = [
    listen(cluster, 'ready', callback),
    listen(cluster, '+node', (node: Redis) => node.once('ready', callback)),
    listen(cluster, 'refresh', () => {
      const before = primaries
      primaries = primariesOf(cluster)
      if (primaries !== before) callback()
    }),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

const primariesOf = (cluster: Cluster): string =>
  cluster
    .nodes('master')
    .map(({ options }) => `${options.host}:${options.port}`)
    .toSorted()
    .join()

function listen<Args extends unknown[]>(client: RedisClient, event: string, listener: (...args: Args) => void) {
  client.on(event, listener)
  return () => {
    client.off(event, listener)
  }
}
