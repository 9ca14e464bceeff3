import { useResource } from '@darkroom/testing/use-resource'
import { startTestApi, type TestApi } from './harness.ts'

/** An API for the tests of a file or a `describe` block. */
export const useTestApi = (): TestApi => useResource(startTestApi, api => api.close())
