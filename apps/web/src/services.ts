import { QueryClient } from '@tanstack/react-query'
import { createApi } from './api/api.ts'
import { createKeyStore } from './api/key-store.ts'
import { createAssetFollower } from './assets/asset-follower.ts'
import { createAssetStore } from './assets/asset-store.ts'
import { createTransferInParts } from './uploads/in-parts.ts'
import { createUploadEngine } from './uploads/upload-engine.ts'
import { createUploadStore } from './uploads/upload-store.ts'
import { createUppyTransfer } from './uploads/uppy-transfer.ts'

/** Everything that lives as long as the page. */
export type Services = ReturnType<typeof createServices>

export function createServices() {
  const keys = createKeyStore(sessionStorage)
  const api = createApi({
    fetch: (input, init) => fetch(input, init),
    apiKey: () => keys.get().key,
    onUnauthorized: keys.refuse,
  })
  const assets = createAssetStore()
  const uploads = createUploadStore()
  const follower = createAssetFollower({
    assets,
    readAssets: api.readAssets,
    mayPoll: () => !document.hidden && keys.get().key !== null,
  })
  const engine = createUploadEngine({
    api,
    uploads,
    assets,
    createTransfer: events => createTransferInParts(events, createUppyTransfer),
    newId,
  })
  // A Darkroom on this machine answers without a network, so what the browser thinks of its connection is no reason to wait.
  const queryClient = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: false } } })
  return { api, keys, assets, uploads, follower, engine, queryClient, newId }
}

/** `crypto.randomUUID` exists on https and localhost only; a Darkroom in a home network may be neither. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}
