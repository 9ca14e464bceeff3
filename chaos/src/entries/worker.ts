// The worker as it ships, with the switches of the fault harness passed in.
import '@darkroom/core/import-resolution'
import { faultsFromEnv } from '@darkroom/testing/fault-injection'

const { runWorker } = await import('@darkroom/worker')
await runWorker(faultsFromEnv(process.env))
