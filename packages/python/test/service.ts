import { randomBytes } from 'node:crypto'
import { generateKey, startApi } from '@darkroom/api'
import { silentLogger } from '@darkroom/core'
import { insertApiKey } from '@darkroom/db/projects'
import { useResource } from '@darkroom/testing/use-resource'
import { type Bed, startBed } from '../../../apps/worker/test/harness.ts'

export interface Service {
  url: string
  /** With every scope that a client needs. */
  key: string
  bed: Bed
}

/** Starts API, worker and store for the tests of a file. Files go up in one piece unless the client wants parts. */
export const useService = (): Service =>
  useResource<Service & { close(): Promise<void> }>(
    async () => {
      const bed = await startBed()
      const env = bed.env({
        DARKROOM_SECRET: randomBytes(32).toString('hex'),
        MULTIPART_THRESHOLD_BYTES: '100000000',
        PORT: '0',
      })
      const api = await startApi({ env, logger: silentLogger })
      const worker = await bed.startWorker()
      const { key, shortId, hash } = generateKey('project')
      const scopes = ['upload', 'read', 'write']
      await insertApiKey(bed.database.db, { projectId: bed.projectId, shortId, hash, name: 'python', scopes })
      const close = async () => {
        await worker.close()
        await api.close()
        await bed.close()
      }
      return { url: api.url, key, bed, close }
    },
    service => service.close(),
  )
