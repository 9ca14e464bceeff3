import { runUntilSignal } from '@darkroom/core'
import { startApi } from './server.ts'

await runUntilSignal(() => startApi({ env: process.env }))
