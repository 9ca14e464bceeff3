import { runUntilSignal, startPatiently } from '@darkroom/core'
import { isDatabaseUnavailable } from '@darkroom/db'
import { startApi } from './server.ts'

const start = () => startApi({ env: process.env })

await runUntilSignal(signal => startPatiently(start, { isTransient: isDatabaseUnavailable, signal }))
