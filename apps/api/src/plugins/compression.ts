import compress from '@fastify/compress'
import type { RouteOptions } from 'fastify'
import fp from 'fastify-plugin'

/** Answers below this fit into what a connection sends at once anyway; among them is every poll of one image. */
const SMALLEST_BYTES = 4096

/** What only reads, though it is asked by POST: its body is a list of ids. */
const READS_BY_POST = new Set(['/v1/assets/status'])

/**
 * Whose answers hold what lets somebody in, beside what somebody else may have chosen, such as names of files. The size of
 * a compressed answer tells of what repeats in it (BREACH), so these are sent as they are. All other secrets (keys, client
 * tokens, signed URLs of uploads, secrets of webhooks, links) are answered to a POST, and those are never compressed.
 */
const SECRET_READS = new Set(['/v1/assets/:id/view', '/v/:token/:file'])

/** Streams are sent event by event, and archives as they are. */
const STREAMS = new Set(['/v1/assets/:id/events', '/z/:token'])

const isCompressed = ({ method, url }: RouteOptions): boolean => {
  if (SECRET_READS.has(url) || STREAMS.has(url)) return false
  return [method].flat().every(each => each === 'GET' || each === 'HEAD') || READS_BY_POST.has(url)
}

/** Compresses what is read, where that is worth it. What has an encoding already, such as files of the page, stays as it is. */
export const compressionPlugin = fp(
  async app => {
    app.addHook('onRoute', route => {
      route.compress = isCompressed(route) ? {} : false
    })
    await app.register(compress, {
      global: false,
      encodings: ['zstd', 'br', 'gzip'],
      threshold: SMALLEST_BYTES,
    })
    app.addHook('onRoute', route => {
      if (route.compress === false) return
      // It adds a hook for `reply.compress()`, which nothing uses; a route without hooks of its own is a public one.
      const onRequest = [route.onRequest ?? []].flat().slice(0, -1)
      if (onRequest.length > 0) route.onRequest = onRequest
      else delete route.onRequest
      // And its own hook last, where a HEAD has lost its body already and would be told another length.
      const onSend = [route.onSend ?? []].flat()
      route.onSend = [...onSend.slice(-1), ...onSend.slice(0, -1)]
    })
  },
  { name: 'compression', fastify: '5.x' },
)
