import type { Answer, Body, Query } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'

/** Makes the calls for the API keys of your project. */
export const keyCalls = (client: ApiClient) => ({
  list: (options?: CallOptions): Promise<Answer<'listKeys'>> => read(client.GET('/v1/keys', init(options))),
  /** What the key of this client may do, and in which project. */
  current: (options?: CallOptions): Promise<Answer<'getCurrentKey'>> => read(client.GET('/v1/key', init(options))),
  /** The answer has the key itself, this once. */
  create: (body: Body<'createKey'>, options?: CallOptions): Promise<Answer<'createKey'>> =>
    read(client.POST('/v1/keys', { body, ...init(options) })),
  get: (id: string, options?: CallOptions): Promise<Answer<'getKey'>> =>
    read(client.GET('/v1/keys/{id}', { params: { path: { id } }, ...init(options) })),
  rotate: (id: string, body: Body<'rotateKey'> = {}, options?: CallOptions): Promise<Answer<'rotateKey'>> =>
    read(client.POST('/v1/keys/{id}/rotate', { params: { path: { id } }, body, ...init(options) })),
  revoke: (id: string, options?: CallOptions): Promise<Answer<'revokeKey'>> =>
    read(client.DELETE('/v1/keys/{id}', { params: { path: { id } }, ...init(options) })),
})

export const usageCalls = (client: ApiClient) => ({
  /** Bytes stored, objects, jobs and the quota of your project. */
  get: (options?: CallOptions): Promise<Answer<'getUsage'>> => read(client.GET('/v1/usage', init(options))),
  /** What was stored and added on each of the last days (UTC). */
  days: (query: Query<'listUsageDays'> = {}, options?: CallOptions): Promise<Answer<'listUsageDays'>> =>
    read(client.GET('/v1/usage/days', { params: { query }, ...init(options) })),
})

export const serviceCalls = (client: ApiClient) => ({
  /** Which files this installation takes, and whether uploads are open. Needs no key. */
  status: (options?: CallOptions): Promise<Answer<'getServiceStatus'>> => read(client.GET('/v1/status', init(options))),
  readiness: (options?: CallOptions): Promise<Answer<'getReadiness'>> => read(client.GET('/readyz', init(options))),
})
