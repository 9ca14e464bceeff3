import { stat } from 'node:fs/promises'
import { parseConfig } from '@darkroom/core'
import { WorkerConfig } from './config.ts'
import { HEARTBEAT_EVERY_MS, heartbeatFile } from './heartbeat.ts'

// For a container's health check: exits 0 while the worker of this container renews its leases.
const { mtimeMs } = await stat(heartbeatFile(parseConfig(WorkerConfig, process.env).WORKER_TEMP_DIR))
process.exit(Date.now() - mtimeMs < 6 * HEARTBEAT_EVERY_MS ? 0 : 1)
