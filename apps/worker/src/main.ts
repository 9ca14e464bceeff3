import { runUntilSignal } from '@darkroom/core'
import { startWorker } from './worker.ts'

await runUntilSignal(() => startWorker({ env: process.env }))
