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

export interface DarkroomOptions {
  /** Where the service is, such as `https://media.example.com`. In a browser '' is the page's own origin. */
  url: string
  /** An API key, or what returns the one of the moment. Leave it out for what needs none. */
  key?: Key
  /** Default: the global one. */
  fetch?: typeof fetch
  /** How often a call is repeated that failed for a passing reason. Default: 4. */
  maxRetries?: number
  /** How long one attempt of a call may take, in ms. Default: 120,000, as the service may wait for its store. */
  timeoutMs?: number
}

export type Darkroom = ReturnType<typeof createDarkroom>

/** Creates the client of one Darkroom. All calls throw `DarkroomError`, or `signal.reason` when they are aborted. */
export function createDarkroom(options: DarkroomOptions) {
  const { key = null, maxRetries = 4, timeoutMs = 120_000 } = options
  const url = options.url.replace(/\/+$/, '')
  // Looked up at each call, and called without `this`, as browsers want it.
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const transport = createTransport({ key, fetch: send, maxRetries, timeoutMs })
  const client = createApiClient(url, transport)
  return {
    uploads: uploadCalls(client),
    assets: assetCalls(client, url, transport),
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
