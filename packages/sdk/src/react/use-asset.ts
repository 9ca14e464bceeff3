import { useCallback } from 'react'
import type { DarkroomError } from '../errors.ts'
import type { Asset } from '../types.ts'
import { errorOfAsset, isSettled } from '../wait-until-ready.ts'
import { resourcesOf } from './client-resources.ts'
import { useDarkroom } from './provider.tsx'
import { useSharedResource } from './use-shared-resource.ts'

export interface UseAssetOptions {
  /** The client token of its upload, where there is no key. What `useUpload` has uploaded needs none. */
  token?: string | undefined
  /** The asset as your server has read it: it is shown at once, and followed if it is not settled. */
  initial?: Asset | undefined
}

export interface AssetState {
  /** As it is now; null before it is known. */
  asset: Asset | null
  /** Of processing that failed, or of the call. */
  error: DarkroomError | null
  /** Whether it is still followed. */
  isLoading: boolean
  /** Follows it once more: after a failure, or after it was reprocessed. */
  refetch: () => void
}

/**
 * Follows an asset until it is settled, by its events and by polling where these do not get through. Components that ask
 * for the same id share one stream. Null follows nothing.
 */
export function useAsset(id: string | null, { token, initial }: UseAssetOptions = {}): AssetState {
  const { assets, tokens } = resourcesOf(useDarkroom())
  if (id !== null && token) tokens.set(id, token)
  const settled = initial && isSettled(initial) ? initial : null
  const { value, error, isLoading } = useSharedResource(assets, settled ? null : id)
  const refetch = useCallback(() => id !== null && assets.refetch(id), [assets, id])
  const asset = settled ?? value ?? initial ?? null
  return {
    asset,
    error: error ?? (settled && errorOfAsset(settled)),
    isLoading: id !== null && !settled && isLoading,
    refetch,
  }
}
