// Makes the secret of a data folder, twice, as two starts do, and says what it is once it was given out.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '@darkroom/core/durable-files'
import { PROMISED } from '@darkroom/testing'
import { persistedSecret } from '../src/start/persisted-secret.ts'

const dataDir = join(process.argv[2] ?? '', '.darkroom')
await makeFolder(dataDir, { mode: 0o700 })
for (const start of ['first', 'second']) existsSync(`${PROMISED}${start}/${await persistedSecret(dataDir)}`)
