import type { Asset } from '@darkroom/contracts'
import type { CallOptions, Darkroom } from '@darkroom/sdk'
import { closed } from '../api/closed.ts'

/** Reads any number of assets. Those that are deleted are left out. */
export async function readAssets(darkroom: Darkroom, ids: string[], options?: CallOptions): Promise<Asset[]> {
  const { items } = await closed<{ items: Asset[] }>(darkroom.assets.getMany(ids, options))
  return items
}
