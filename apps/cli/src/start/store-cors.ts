import { parseConfig } from '@darkroom/core'
import { createProvisioningClient, provisionCors, StorageConfig } from '@darkroom/storage'
import type { Env } from './embedded.ts'

/** Lets pages of any origin PUT to and GET from the embedded store; what they may do there is signed. */
export async function allowBrowsers(env: Env): Promise<void> {
  const { store, privateBucket, publicBucket } = parseConfig(StorageConfig, env)
  const client = createProvisioningClient(store)
  try {
    for (const bucket of [privateBucket, publicBucket]) {
      if (bucket) await provisionCors(client, { bucket, origins: ['*'] })
    }
  } finally {
    client.close()
  }
}
