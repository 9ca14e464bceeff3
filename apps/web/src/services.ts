import { QueryClient } from '@tanstack/react-query'
import { createApi } from './api/api.ts'
import { createGate } from './api/gate.ts'
import { createKeyStore } from './api/key-store.ts'
import { createOutageRetry } from './api/outage-retry.ts'
import { createReadStatus } from './api/service-status.ts'
import { shareKey } from './api/share-key.ts'
import { createAssetFollower } from './assets/asset-follower.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { oncePerFrame } from './once-per-frame.ts'
import { followKey } from './uploads/follow-key.ts'
import { createMultipartTransfer } from './uploads/multipart-transfer.ts'
import { recoverUploads } from './uploads/recover-uploads.ts'
import { rememberUploads } from './uploads/remember-uploads.ts'
import { createStallWatch } from './uploads/stall-watch.ts'
import { createTakeFiles } from './uploads/take-files.ts'
import { createUploadEngine } from './uploads/upload-engine.ts'
import { createBrowserMemory } from './uploads/upload-memory.ts'
import { createUploadStore } from './uploads/upload-store.ts'
import { createUppyTransfer } from './uploads/uppy-transfer.ts'

/** Everything that lives as long as the page. */
export type Services = ReturnType<typeof createServices>

export function createServices() {
  const keys = createKeyStore(sessionStorage)
  shareKey(keys, new BroadcastChannel('darkroom.key'))
  const api = createApi({
    fetch: (input, init) => fetch(input, init),
    apiKey: () => keys.get().key,
    onUnauthorized: keys.refuse,
    onNoAnswer: () => void checkService(),
  })
  const assets = createAssetStore()
  const uploads = createUploadStore()
  const follower = createAssetFollower({
    assets,
    readAssets: api.readAssets,
    mayPoll: () => !document.hidden && keys.get().key !== null && keys.get().readDenial === null,
    onDenied: keys.denyReading,
  })
  // A Darkroom on this machine answers without a network, so what the browser thinks of its connection is no reason to wait.
  const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } })
  const gate = createGate()
  const statusQuery = {
    queryKey: ['status'],
    queryFn: createReadStatus({ api, keys, gate, isOnline: () => navigator.onLine }),
  }
  const checkService = () => queryClient.prefetchQuery(statusQuery)
  const outageRetry = createOutageRetry({ gate, checkService })
  const engine = createUploadEngine({
    api,
    uploads,
    assets,
    gate,
    outageRetry,
    createTransfer: events =>
      createMultipartTransfer({ ...events, onProgress: oncePerFrame(events.onProgress) }, createUppyTransfer),
    newId,
  })
  const stalls = createStallWatch({ uploads, onStall: () => void checkService() })
  followKey({ keys, gate, engine, uploads, assets, newId })
  const memory = createBrowserMemory()
  rememberUploads({ uploads, keys, memory })
  recoverUploads({ api, keys, gate, outageRetry, memory, engine, assets, newId })
  const takeFiles = createTakeFiles({ uploads, engine })
  return { api, keys, gate, assets, uploads, follower, engine, takeFiles, stalls, queryClient, statusQuery, newId }
}

/**
 * Generates an id. `crypto.randomUUID` only exists on https and localhost, and a Darkroom in a home network may use
 * neither.
 */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
