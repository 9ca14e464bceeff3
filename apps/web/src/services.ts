import { createBrowserMemory } from '@darkroom/sdk'
import { QueryClient } from '@tanstack/react-query'
import { createClients, createPublicClient } from './api/clients.ts'
import { createGate } from './api/gate.ts'
import { createKeyStore } from './api/key-store.ts'
import { createReachability } from './api/reachability.ts'
import { createReadStatus } from './api/service-status.ts'
import { shareKey } from './api/share-key.ts'
import { createAssetFollower } from './assets/asset-follower.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { readAssets } from './assets/read-assets.ts'
import { createKeyRing } from './session/key-ring.ts'
import { createThemeStore } from './theme/theme-store.ts'
import { followKey } from './uploads/follow-key.ts'
import { createPresence } from './uploads/presence.ts'
import { recoverUploads } from './uploads/recover-uploads.ts'
import { createTakeFiles } from './uploads/take-files.ts'
import { createUploadEngine } from './uploads/upload-engine.ts'
import { createUploadOptions } from './uploads/upload-options.ts'
import { createUploadStore } from './uploads/upload-store.ts'

/** A poll that hangs holds back all that are followed. */
const POLL_TIMEOUT_MS = 30_000

/** Everything that lives as long as the page. */
export type Services = ReturnType<typeof createServices>

export function createServices() {
  const keys = createKeyStore(sessionStorage)
  shareKey(keys, new BroadcastChannel('darkroom.key'))
  const ring = createKeyRing(sessionStorage)
  const memory = createBrowserMemory()
  const clients = createClients({ keys, memory, onNoAnswer: () => void checkService() })
  const assets = createAssetStore()
  const uploads = createUploadStore()
  const follower = createAssetFollower({
    assets,
    readAssets: ids => readAssets(clients().quick, ids, { signal: AbortSignal.timeout(POLL_TIMEOUT_MS) }),
    mayPoll: () => !document.hidden && keys.get().key !== null && keys.get().readDenial === null,
    onDenied: keys.denyReading,
  })
  // A Darkroom on this machine answers without a network, so what the browser thinks of its connection is no reason to wait.
  const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } })
  const gate = createGate()
  const { service } = createPublicClient()
  const statusQuery = {
    queryKey: ['status'],
    queryFn: createReadStatus({ service, keys, gate, isOnline: () => navigator.onLine }),
  }
  const checkService = () => queryClient.prefetchQuery(statusQuery)
  const reachability = createReachability({ gate, checkService })
  const presence = createPresence(navigator.locks ?? null, sessionStorage)
  const uploadOptions = createUploadOptions(sessionStorage)
  const engine = createUploadEngine({
    clients,
    options: uploadOptions,
    uploads,
    assets,
    reachability,
    memory,
    presence,
    checkService,
  })
  followKey({ keys, gate, engine, uploads, assets, newId })
  const { sitOut } = reachability
  recoverUploads({ clients, keys, sitOut, memory, presence, engine, assets, newId })
  const takeFiles = createTakeFiles({ uploads, engine })
  const theme = createThemeStore({ storage: localStorage, root: document.documentElement })
  window.addEventListener('storage', theme.heard)
  return {
    clients,
    keys,
    ring,
    gate,
    assets,
    uploads,
    follower,
    engine,
    takeFiles,
    uploadOptions,
    theme,
    queryClient,
    statusQuery,
    newId,
  }
}

/**
 * Generates an id. `crypto.randomUUID` only exists on https and localhost, and a Darkroom in a home network may use
 * neither.
 */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
