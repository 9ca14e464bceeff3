import { useEffect, useRef, useState } from 'react'
import { humanLeft } from '../human-left.ts'
import type { Totals } from '../uploads/totals.ts'

/** Over so long the speed is averaged: shorter, and the time left would jump. */
const WINDOW_MS = 12_000
const EVERY_MS = 1000

interface Sample {
  atMs: number
  sentBytes: number
}

/** Returns how long sending and processing will take, in words; null while nothing is known. */
export function useTimeLeft({ sentBytes, totalBytes, processedAtMs, open }: Totals): string | null {
  const samples = useRef<Sample[]>([])
  const latest = useRef({ sentBytes, totalBytes, processedAtMs })
  latest.current = { sentBytes, totalBytes, processedAtMs }
  const [text, setText] = useState<string | null>(null)
  const isOpen = open > 0
  useEffect(() => {
    if (!isOpen) return setText(null)
    samples.current = []
    const timer = setInterval(() => {
      const { sentBytes, totalBytes, processedAtMs } = latest.current
      const now = Date.now()
      samples.current = [...samples.current.filter(({ atMs }) => now - atMs < WINDOW_MS), { atMs: now, sentBytes }]
      const sendingMs = timeToSend(samples.current, totalBytes - sentBytes)
      const processingMs = processedAtMs === null ? null : Math.max(0, processedAtMs - now)
      const known = [sendingMs, processingMs].filter(each => each !== null)
      setText(known.length > 0 ? humanLeft(Math.max(...known)) : null)
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [isOpen])
  return text
}

/** Returns how long the rest takes at the speed of the samples; null where it stands still or is done. */
function timeToSend(samples: readonly Sample[], leftBytes: number): number | null {
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || leftBytes <= 0 || last.sentBytes <= first.sentBytes) return null
  return (leftBytes * (last.atMs - first.atMs)) / (last.sentBytes - first.sentBytes)
}
