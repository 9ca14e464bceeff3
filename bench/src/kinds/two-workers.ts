import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentLogger } from '@darkroom/core'
import { startLocalPostgres } from '@darkroom/local-postgres'
import { freePort } from '@darkroom/testing'
import { createClient, type DarkroomClient } from '../darkroom/contract.ts'
import { createKey } from '../darkroom/create-key.ts'
import { startDarkroomProcess } from '../darkroom/darkroom-process.ts'
import { startProgram } from '../darkroom/program.ts'

const APPS = join(import.meta.dirname, '../../../apps')
/** What `darkroom start` tells its own worker of the store that it brings along. */
const EMBEDDED_STORE = {
  B2_REGION: 'local-000',
  B2_KEY_ID: 'localkey',
  B2_APPLICATION_KEY: 'localsecret',
  B2_BUCKET_NAME: 'darkroom',
  B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
}
/** It prepares its processes and has used up what its start took. */
const SETTLE_MS = 5000

export interface TwoWorkers {
  client: DarkroomClient
  /** Process ids. */
  main: number
  worker: number
}

/** Starts a `darkroom start` that leaves videos to a worker in a process of its own, as larger installations do. */
export async function startTwoWorkers(tempDir: string, running: AsyncDisposableStack): Promise<TwoWorkers> {
  const postgres = await startLocalPostgres({
    dataDir: join(tempDir, 'postgres'),
    logger: silentLogger,
    onUnexpectedEnd: () => process.exit(1),
  })
  running.defer(() => postgres.stop())
  const storePort = String(await freePort())
  const database = { DATABASE_URL: postgres.url }
  const darkroom = await startDarkroomProcess(join(tempDir, 'darkroom'), {
    ...database,
    LOCAL_B2_PORT: storePort,
    WORKER_QUEUES: 'image,document,audio,system',
  })
  running.defer(() => darkroom.close())
  const worker = startProgram(join(APPS, 'worker/src/main.ts'), {
    env: {
      ...database,
      ...EMBEDDED_STORE,
      B2_ENDPOINT: `http://127.0.0.1:${storePort}`,
      WORKER_QUEUES: 'video',
      WORKER_TEMP_DIR: join(tempDir, 'worker'),
    },
  })
  running.defer(() => worker.close())
  const key = await createKey(database, 'bench')
  await sleep(SETTLE_MS)
  return { client: createClient(darkroom.url, key), main: darkroom.pid, worker: worker.child.pid ?? 0 }
}
