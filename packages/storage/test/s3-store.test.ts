import { createS3Store } from '../src/index.ts'
import { bucket, sizes, startTestB2, storeConfig } from './local-store.ts'
import { objectStoreContract } from './object-store-contract.ts'

for (const refuseChecksumHeaders of [false, true]) {
  const name = refuseChecksumHeaders ? 'S3 on a B2 that refuses checksum headers' : 'S3 on a local B2'
  objectStoreContract(name, async () => {
    const server = await startTestB2({ refuseChecksumHeaders })
    const store = createS3Store(storeConfig(server.url))
    return {
      store,
      bucket,
      versioned: true,
      multipartThresholdBytes: sizes.multipartThresholdBytes,
      async close() {
        store.close()
        await server.close()
      },
    }
  })
}
