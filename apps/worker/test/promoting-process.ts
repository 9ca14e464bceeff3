// Promotes what waits, once, and says by how much its memory grew; a process of its own, so that it can be killed.
import { NO_FAULTS, silentLogger } from '@darkroom/core'
import { createDatabase } from '@darkroom/db/client'
import { createS3Store, type S3StoreConfig } from '@darkroom/storage'
import { promoteWaiting } from '../src/maintenance/promote-waiting.ts'
import { openTempDir } from '../src/temp-dir.ts'

export type PromotingLimits = Pick<S3StoreConfig, 'maxSingleCopyBytes' | 'partBytes'>

const { DATABASE_URL = '', B2_ENDPOINT = '', B2_BUCKET_NAME = '', WORKER_TEMP_DIR = '' } = process.env
const limits: PromotingLimits = JSON.parse(process.argv[2] ?? '{}')
const keys = { keyId: 'localkey', applicationKey: 'localsecret' }
const database = createDatabase(DATABASE_URL, { max: 2 })
const store = createS3Store({ endpoint: B2_ENDPOINT, region: 'local-000', ...keys, ...limits })
const tempDir = await openTempDir(WORKER_TEMP_DIR)
const settings = {
  host: 'test',
  privateBucket: B2_BUCKET_NAME,
  publicBucket: null,
  cdn: null,
  timeoutMs: { image: 60_000, video: 60_000, audio: 60_000, document: 60_000 },
  engines: { sharp: '0', libvips: '0', ffmpeg: null },
  failedSourceDays: 7,
  manifestDelaySec: 300,
  verifyDailyFiles: 0,
  backups: null,
  sweepAfterSec: 120,
  expectsEvents: false,
}
await database.ping()
const before = process.memoryUsage().rss
let peak = before
// Not `maxRSS`: on Linux it begins with the memory that the parent had when it started this process.
const sampling = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss)
}, 10)
const deps = { database, store, tempDir, logger: silentLogger, faults: NO_FAULTS, settings }
await promoteWaiting.run(deps, new AbortController().signal)
clearInterval(sampling)
console.log(JSON.stringify({ grownBytes: peak - before }))
await tempDir.close()
store.close()
await database.close()
