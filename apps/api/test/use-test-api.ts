import { useResource } from '@darkroom/testing/use-resource'
import { startTestApi, type TestApi } from './harness.ts'

/** Starts an API for the tests of a file or a `describe` block, and closes it after them. */
export const useTestApi = (): TestApi => useResource(startTestApi, api => api.close())
