import type { Asset, Manifest } from '@darkroom/contracts'
import { skipToken, useQuery } from '@tanstack/react-query'
import { useServices } from '../../hooks/use-services.ts'
import { parseStoryboard, type StoryFrame } from './storyboard.ts'

const RENEW_MS = 30 * 60_000

/** Reads the frames of a video's storyboard, with URLs that need no key; none where the preset makes no storyboard. */
export function useStoryboard(asset: Asset, manifest: Manifest | undefined): StoryFrame[] {
  const { clients } = useServices()
  const vtt = manifest?.storyboard?.vtt.variant
  const sha256 = asset.variants.find(({ name }) => name === vtt)?.sha256
  const { data } = useQuery({
    queryKey: ['storyboard', asset.id, vtt, sha256],
    // By the API and not from the CDN, from which the page may not read.
    queryFn: vtt
      ? async () => parseStoryboard(await (await clients().patient.assets.download(asset.id, { variant: vtt })).text())
      : skipToken,
    staleTime: RENEW_MS,
    refetchInterval: RENEW_MS,
  })
  return data ?? []
}
