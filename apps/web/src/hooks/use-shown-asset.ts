import type { Asset } from '@darkroom/contracts'
import { skipToken, useQuery } from '@tanstack/react-query'
import { hiddenFiles, needsView, withView } from '../assets/with-view.ts'
import { useServices } from './use-services.ts'

/** A view lasts an hour unless more is asked for. */
const RENEW_MS = 30 * 60_000

/**
 * Returns an asset with URLs that tags can load. For private variants it opens a view, and opens a new one before that
 * ends.
 */
export function useShownAsset(asset: Asset): Asset
export function useShownAsset(asset: Asset | undefined): Asset | undefined
export function useShownAsset(asset: Asset | undefined): Asset | undefined {
  const { clients } = useServices()
  const hidden = asset && needsView(asset) ? asset : null
  const { data } = useQuery({
    // By its files and not by its revision, which progress raises: every view has URLs of its own.
    queryKey: ['view', hidden?.id, hidden && hiddenFiles(hidden)],
    queryFn: hidden ? () => clients().patient.assets.view(hidden.id) : skipToken,
    staleTime: RENEW_MS,
    refetchInterval: RENEW_MS,
    // While a view of more files is asked for, those of the last one stay.
    placeholderData: (previous, query) => (query?.queryKey[1] === hidden?.id ? previous : undefined),
  })
  return hidden ? withView(hidden, data?.urls ?? {}) : asset
}
