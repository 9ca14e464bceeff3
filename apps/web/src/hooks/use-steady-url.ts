import { useState } from 'react'
import type { ReadyVariant } from '../assets/ready-variants.ts'
import { useServices } from './use-services.ts'

/** What fails sooner than this is no matter of time. */
const MIN_AGE_MS = 60_000

interface Held {
  file: string
  url: string
  since: number
}

/**
 * Returns a stable URL of a file for a tag: the first known one, as long as the file is the same and the URL loads. A
 * new URL of the same file would load it again and restart a video. A URL that no longer loads is renewed.
 */
export function useSteadyUrl(assetId: string | undefined, variant: ReadyVariant | null) {
  const { queryClient } = useServices()
  const [held, setHeld] = useState<Held | null>(null)
  const [failedUrl, setFailedUrl] = useState<string | null>(null)

  const file = variant && `${variant.name} ${variant.sha256}`
  if (variant && file && (held?.file !== file || (held.url === failedUrl && variant.url !== failedUrl))) {
    setHeld({ file, url: variant.url, since: Date.now() })
  }

  function onError(): void {
    if (!held) return
    setFailedUrl(held.url)
    const isOld = Date.now() - held.since > MIN_AGE_MS
    if (isOld) void queryClient.invalidateQueries({ queryKey: ['view', assetId] })
  }
  const isShown = held !== null && held.file === file && held.url !== failedUrl
  return { url: isShown ? held.url : undefined, onError }
}
