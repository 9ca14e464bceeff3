import { parseConfig } from '@darkroom/core'
import {
  applyBucketPlan,
  corsRules,
  createProvisioningClient,
  createS3BucketAdministration,
  planBucket,
  StorageConfig,
  type StorageSettings,
  UPLOAD_DAYS,
  UPLOAD_OPERATIONS,
  withProvisionPlan,
} from '@darkroom/storage'
import type { Env } from './embedded.ts'

/** Sets up the buckets of the embedded store as `darkroom provision` does elsewhere. What is set already stays. */
export async function setUpStore(env: Env): Promise<void> {
  const settings = parseConfig(StorageConfig, env)
  await allowBrowsers(settings)
  const rest = { backupBucket: null, origins: [], events: null, replace: false, renewKeys: false }
  await withProvisionPlan({ ...rest, settings, parts: ['lifecycle'], hiddenDays: UPLOAD_DAYS }, plan => plan.apply())
}

/** Lets pages of any origin PUT to and GET from the embedded store; what they may do there is signed. */
async function allowBrowsers({ store, privateBucket, publicBucket }: StorageSettings): Promise<void> {
  const client = createProvisioningClient(store)
  const administration = createS3BucketAdministration(client)
  const cors = corsRules(['*'], UPLOAD_OPERATIONS)
  try {
    for (const [name, access] of [
      [privateBucket, 'private'],
      [publicBucket, 'public'],
    ] as const) {
      if (name)
        await applyBucketPlan(administration, planBucket(await administration.read(name), { name, access, cors }))
    }
  } finally {
    client.close()
  }
}
