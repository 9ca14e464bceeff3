import type { Darkroom } from '../darkroom.ts'
import type { Asset, Manifest } from '../types.ts'
import { createSharedResource } from './shared-resource.ts'

/** What all components with the same client share. */
export type ClientResources = ReturnType<typeof createClientResources>

const byClient = new WeakMap<Darkroom, ClientResources>()

/** Returns what belongs to a client. */
export function resourcesOf(client: Darkroom): ClientResources {
  const known = byClient.get(client)
  if (known) return known
  const resources = createClientResources(client)
  byClient.set(client, resources)
  return resources
}

function createClientResources(client: Darkroom) {
  /** Of the assets that were uploaded here, where there is no key. */
  const tokens = new Map<string, string>()
  const tokenOf = (id: string) => ({ token: tokens.get(id) })
  return {
    tokens,
    assets: createSharedResource<Asset>((id, onChange, signal) =>
      client.assets.waitUntilReady(id, { ...tokenOf(id), onChange, signal }),
    ),
    /** By `<id> <revision>`: another revision has other files. */
    manifests: createSharedResource<Manifest>((key, _, signal) => {
      const [id = ''] = key.split(' ')
      return client.assets.manifest(id, {}, { ...tokenOf(id), signal })
    }),
  }
}
