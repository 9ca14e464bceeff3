import { parseConfig } from '@darkroom/core'
import {
  applyBucketPlan,
  corsRules,
  createProvisioningClient,
  createS3BucketAdministration,
  planBucket,
  StorageConfig,
  UPLOAD_OPERATIONS,
} from '@darkroom/storage'
import type { Env } from './embedded.ts'

/** Lets pages of any origin PUT to and GET from the embedded store; what they may do there is signed. */
export async function allowBrowsers(env: Env): Promise<void> {
  const { store, privateBucket, publicBucket } = parseConfig(StorageConfig, env)
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
