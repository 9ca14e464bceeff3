import type { Job } from '../types.ts'
import { type ApiClient, init, read } from './call.ts'
import type { CallOptions } from './call-options.ts'

export const jobCalls = (client: ApiClient) => ({
  get: (id: string, options?: CallOptions): Promise<Job> =>
    read(client.GET('/v1/jobs/{id}', { params: { path: { id } }, ...init(options) })),
})
