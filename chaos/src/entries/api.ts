// The API as it ships, with the switches of the fault harness passed in.
import '@darkroom/core/import-resolution'
import { faultsFromEnv } from '@darkroom/testing/fault-injection'

const { runApi } = await import('@darkroom/api')
await runApi(faultsFromEnv(process.env))
