import { type SyntheticEvent, useRef } from 'react'
import type { ReadyVariant } from '../assets/ready-variants.ts'
import { useSteadyUrl } from './use-steady-url.ts'

/** Keeps the position of a `<video>` or `<audio>` when its URL has to be renewed. */
export function usePlayback<Media extends HTMLMediaElement>(assetId: string, variant: ReadyVariant | null) {
  const { url, onError } = useSteadyUrl(assetId, variant)
  const stoppedAtSec = useRef(0)
  const ref = useRef<Media>(null)
  return {
    ref,
    src: url,
    onError({ currentTarget }: SyntheticEvent<HTMLMediaElement>): void {
      stoppedAtSec.current = currentTarget.currentTime
      onError()
    },
    onLoadedMetadata({ currentTarget }: SyntheticEvent<HTMLMediaElement>): void {
      if (stoppedAtSec.current > 0) currentTarget.currentTime = stoppedAtSec.current
      stoppedAtSec.current = 0
    },
  }
}
