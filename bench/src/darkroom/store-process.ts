import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@darkroom/testing'
import { startProgram } from './program.ts'

export interface StoreProcess {
  pid: number
  /** The variables that tell Darkroom of it. */
  env: Record<string, string>
  close(): Promise<void>
}

const MAIN = join(import.meta.dirname, '../../../packages/local-b2/src/main.ts')
const PRIVATE_BUCKET = 'bench-private'
const PUBLIC_BUCKET = 'bench-public'
const START_MS = 30_000
const POLL_MS = 50

/** Starts an object store in a process of its own, which Darkroom reaches over S3 as it does B2. */
export async function startStoreProcess(dataDir: string): Promise<StoreProcess> {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}`
  const { child, close } = startProgram(MAIN, {
    env: {
      LOCAL_B2_DATA_DIR: dataDir,
      LOCAL_B2_PORT: port,
      LOCAL_B2_BUCKETS: `${PRIVATE_BUCKET}:private,${PUBLIC_BUCKET}:public`,
    },
  })
  child.stdout?.resume()
  try {
    await untilItAnswers(url)
  } catch (error) {
    await close()
    throw error
  }
  return {
    pid: child.pid ?? 0,
    env: {
      B2_ENDPOINT: url,
      B2_REGION: 'local-000',
      B2_KEY_ID: 'localkey',
      B2_APPLICATION_KEY: 'localsecret',
      B2_BUCKET_NAME: PRIVATE_BUCKET,
      B2_PUBLIC_BUCKET_NAME: PUBLIC_BUCKET,
    },
    close,
  }
}

/** Waits for any answer: without a signature the store refuses, which is an answer. */
async function untilItAnswers(url: string): Promise<void> {
  const deadline = AbortSignal.timeout(START_MS)
  while (!(await fetch(url).catch(() => null))) await sleep(POLL_MS, undefined, { signal: deadline })
}
