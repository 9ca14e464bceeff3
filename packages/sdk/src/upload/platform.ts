import { createBrowserMemory } from './browser-memory.ts'
import type { GroupedCalls, UploadSteps } from './grouped-calls.ts'
import { createVolatileMemory, type Memory } from './memory.ts'
import { untilOnline } from './online.ts'
import { type Put, putByFetch, putByXhr } from './put.ts'
import { createScriptSha256, type Sha256 } from './sha256.ts'
import { openSource, type Source, type SourceNames, type UploadInput } from './source.ts'

/** What uploads need and a browser has in another way than Node. */
export interface Platform<Input = UploadInput> {
  open(input: Input, names: SourceNames): Promise<Source>
  createSha256(): Sha256
  put: Put
  memory: Memory
  /** Has the calls of uploads that are under way at the same time made together. Default: each by itself. */
  batch?: (calls: GroupedCalls) => UploadSteps
  /** Sends a file of one PUT when it is its turn. Default: at once. */
  inSlot?: <T>(send: () => Promise<T>) => Promise<T>
  untilOnline(signal: AbortSignal): Promise<boolean>
}

/** Returns the platform of a browser; anywhere else, one by what there is, whose memory ends with the process. */
export const defaultPlatform = (): Platform => ({
  open: openSource,
  createSha256: createScriptSha256,
  put: typeof XMLHttpRequest === 'undefined' ? putByFetch : putByXhr,
  memory: typeof indexedDB === 'undefined' ? createVolatileMemory() : createBrowserMemory(),
  untilOnline,
})
