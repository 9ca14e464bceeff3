// Imports a bucket, as a process that can be killed; says at its end what came of it and how much memory it had.
import { createDatabase } from '@darkroom/db/client'
import { createS3Store } from '@darkroom/storage'
import { faultsFromEnv } from '@darkroom/testing/fault-injection'
import { OLD_BUCKET, storeConfig } from './bed.ts'
import { importAll } from './import-all.ts'

const [databaseUrl = '', endpoint = '', ratePerSec = '', prefix = ''] = process.argv.slice(2)
const database = createDatabase(databaseUrl, { max: 4 })
const store = createS3Store(storeConfig(endpoint))
await database.ping()
const before = process.memoryUsage().rss
const source = { endpoint, bucket: OLD_BUCKET, store, isSameStore: true }
const options = { ratePerSec: Number(ratePerSec), prefix, faults: faultsFromEnv(process.env) }
const outcomes = await importAll({ database, store }, source, options)
const grownBytes = process.memoryUsage().rss - before
console.log(JSON.stringify({ imported: outcomes.get('imported')?.length ?? 0, grownBytes }))
store.close()
await database.close()
