import type { Asset } from '@darkroom/contracts'
import { skipToken, useQuery } from '@tanstack/react-query'
import { needsView, withView } from '../assets/with-view.ts'
import { useServices } from './use-services.ts'

/** A view lasts an hour unless more is asked for. */
const RENEW_MS = 30 * 60_000

/** An asset whose URLs tags can load: for what is not public a view is opened, and opened again before it ends. */
export function useShownAsset(asset: Asset): Asset
export function useShownAsset(asset: Asset | undefined): Asset | undefined
export function useShownAsset(asset: Asset | undefined): Asset | undefined {
  const { api } = useServices()
  const hidden = asset && needsView(asset) ? asset : null
  const { data } = useQuery({
    queryKey: ['view', hidden?.id, hidden?.revision],
    queryFn: hidden ? () => api.openView(hidden.id) : skipToken,
    staleTime: RENEW_MS,
    refetchInterval: RENEW_MS,
    // While a new revision is asked for, the pictures of the last one stay.
    placeholderData: previous => previous,
  })
  return hidden ? withView(hidden, data?.urls ?? {}) : asset
}
