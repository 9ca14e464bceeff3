import { runUntilSignal, startPatiently } from '@darkroom/core'
import { isDatabaseUnavailable } from '@darkroom/db'
import { startWorker } from './worker.ts'

const start = () => startWorker({ env: process.env })

await runUntilSignal(signal => startPatiently(start, { isTransient: isDatabaseUnavailable, signal }))
