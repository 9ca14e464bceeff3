import type { Job } from '../types.ts'
import { type ApiClient, type CallOptions, init, read } from './call.ts'

export const jobCalls = (client: ApiClient) => ({
  get: (id: string, options?: CallOptions): Promise<Job> =>
    read(client.GET('/v1/jobs/{id}', { params: { path: { id } }, ...init(options) })),
})
