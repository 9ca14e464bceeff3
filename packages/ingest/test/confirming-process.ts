// Confirms the upload of its arguments, as a process that can be made to die on the way.
import { createDatabase } from '@darkroom/db/client'
import { findUpload } from '@darkroom/db/uploads'
import { createS3Store } from '@darkroom/storage'
import { faultsFromEnv } from '@darkroom/testing/fault-injection'
import { confirmArrived } from '../src/index.ts'
import { storeConfig } from './bed.ts'

const [databaseUrl = '', endpoint = '', projectId = '', uploadId = '', by = ''] = process.argv.slice(2)
const database = createDatabase(databaseUrl, { max: 1 })
const store = createS3Store(storeConfig(endpoint))
const found = await findUpload(database.db, projectId, uploadId)
if (!found) throw new Error(`no upload ${uploadId}`)
const faults = faultsFromEnv(process.env)
await confirmArrived({ database, store, faults }, found, { by: by === 'sweeper' ? 'sweeper' : 'client' })
store.close()
await database.close()
