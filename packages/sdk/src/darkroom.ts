import { adminCalls } from './calls/admin.ts'
import { assetCalls } from './calls/assets.ts'
import { createApiClient } from './calls/call.ts'
import { jobCalls } from './calls/jobs.ts'
import { backfillCalls, presetCalls } from './calls/presets.ts'
import { keyCalls, serviceCalls, usageCalls } from './calls/project.ts'
import { shareCalls } from './calls/shares.ts'
import { uploadCalls } from './calls/uploads.ts'
import { eventCalls, webhookCalls } from './calls/webhooks.ts'
import { createTransport, type Key } from './transport.ts'
import type { Memory } from './upload/memory.ts'
import { defaultPlatform, type Platform } from './upload/platform.ts'
import type { UploadInput } from './upload/source.ts'
import { createUploader } from './upload/upload.ts'

export interface DarkroomOptions {
  /** Where the service is, such as `https://media.example.com`. In a browser '' is the page's own origin. */
  url: string
  /**
   * An API key, or a function that returns the one of the moment, also as a promise: it is asked at each call, and once more when
   * the service answers with 401. Leave it out for what needs none.
   */
  key?: Key
  /** Default: the global one. */
  fetch?: typeof fetch
  /** How often a call is repeated that failed for a passing reason. Default: 4. */
  maxRetries?: number
  /** How long one attempt of a call may take, in ms. Default: 120,000, as the service may wait for its store. */
  timeoutMs?: number
  /** Where uploads are remembered. Default: IndexedDB in a browser, a folder in Node, else this process. */
  memory?: Memory
}

export type Darkroom<Input = UploadInput> = ReturnType<typeof createDarkroomOn<Input>>

/** Creates the client of one Darkroom. All calls throw `DarkroomError`, or `signal.reason` when they are aborted. */
export const createDarkroom = (options: DarkroomOptions): Darkroom => createDarkroomOn(options, defaultPlatform())

/** Creates the client on a platform: a browser or Node. */
export function createDarkroomOn<Input>(options: DarkroomOptions, platform: Platform<Input>) {
  const { key = null, maxRetries = 4, timeoutMs = 120_000 } = options
  const url = options.url.replace(/\/+$/, '')
  // Looked up at each call, and called without `this`, as browsers want it.
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const transport = createTransport({ key, fetch: send, maxRetries, timeoutMs })
  const client = createApiClient(url, transport)
  const uploads = uploadCalls(client)
  const assets = assetCalls(client, url, transport)
  const { memory = platform.memory } = options
  const { upload, fingerprint, interrupted } = createUploader<Input>({
    calls: uploads,
    getAsset: assets.get,
    waitUntilReady: assets.waitUntilReady,
    platform: { ...platform, memory },
    scope: async () => [url, publicPart(typeof key === 'function' ? await key() : key)].join(' '),
  })
  return {
    upload,
    fingerprint,
    interrupted,
    uploads,
    assets,
    shares: shareCalls(client),
    jobs: jobCalls(client),
    presets: presetCalls(client),
    backfills: backfillCalls(client),
    events: eventCalls(client),
    webhooks: webhookCalls(client),
    keys: keyCalls(client),
    usage: usageCalls(client),
    service: serviceCalls(client),
    admin: adminCalls(client),
  }
}

/** Returns the part of a key that is no secret: `dk_` and eight characters. */
const publicPart = (key: string | null): string => key?.slice(0, 11) ?? ''
