import type { PresetPreview } from '@darkroom/contracts'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { closed } from '../../../api/closed.ts'
import { useAdmin } from '../../session/use-admin.ts'
import type { Draft } from './draft.ts'
import { useQuiet } from './use-checked.ts'

/** Has a worker make one variant of an asset, a moment after the last change. The last one stays until then. */
export function usePreview(assetId: string | null, definition: Draft | null) {
  const { clients, apiKey } = useAdmin()
  const text = useQuiet(JSON.stringify(definition))
  return useQuery({
    queryKey: ['preset-preview', apiKey, assetId, text],
    queryFn: ({ signal }) =>
      closed<PresetPreview>(
        clients.quick.presets.preview({ assetId: assetId ?? '', definition: JSON.parse(text) }, { signal }),
      ),
    enabled: apiKey !== null && assetId !== null && text !== 'null',
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
    gcTime: 60_000,
  })
}

/** Returns a URL of a file in an answer, for as long as it is shown. */
export function useFileUrl(file: PresetPreview['file'] | undefined): string | null {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    if (!file) return setUrl(null)
    const bytes = Uint8Array.from(atob(file.base64), character => character.charCodeAt(0))
    const made = URL.createObjectURL(new Blob([bytes], { type: file.contentType }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [file])
  return url
}
