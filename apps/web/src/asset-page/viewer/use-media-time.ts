import { type RefObject, useEffect, useState } from 'react'

export interface MediaTime {
  sec: number
  durationSec: number
}

/** Returns where a player is and how long it goes on; `key` names what it plays. */
export function useMediaTime(media: RefObject<HTMLMediaElement | null>, key: string | undefined): MediaTime {
  const [time, setTime] = useState<MediaTime>({ sec: 0, durationSec: 0 })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element comes with what it plays.
  useEffect(() => {
    const element = media.current
    if (!element) return
    const read = () =>
      setTime({ sec: element.currentTime, durationSec: Number.isFinite(element.duration) ? element.duration : 0 })
    const events = ['timeupdate', 'seeking', 'durationchange', 'loadedmetadata'] as const
    for (const event of events) element.addEventListener(event, read)
    read()
    return () => {
      for (const event of events) element.removeEventListener(event, read)
    }
  }, [media, key])
  return time
}
