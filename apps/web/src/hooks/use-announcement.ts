import { useEffect, useRef, useState } from 'react'
import { announcementOf, type News, noNews } from '../uploads/announcement.ts'
import type { RowStatus } from '../uploads/row-state.ts'
import { useAssets, useGoneAssets } from './use-assets.ts'
import type { Row } from './use-rows.ts'

/** News are collected this long, so that thirty files are one sentence. */
const COLLECT_MS = 1500

export interface Announcement {
  /** Another one each time: the same sentence twice is read twice. */
  id: number
  text: string
}

/** Announces to a screen reader what was added, finished and deleted, and nothing in between. */
export function useAnnouncement(rows: readonly Row[]): Announcement {
  const [announcement, setAnnouncement] = useState<Announcement>({ id: 0, text: '' })
  const news = useRef(noNews())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  function tell(what: keyof News, name: string): void {
    news.current[what].push(name)
    timer.current ??= setTimeout(() => {
      const text = announcementOf(news.current)
      setAnnouncement(({ id }) => ({ id: id + 1, text }))
      news.current = noNews()
      timer.current = undefined
    }, COLLECT_MS)
  }

  useStatusNews(rows, tell)
  useDeletionNews(tell)
  return announcement
}

type Tell = (what: keyof News, name: string) => void

function useStatusNews(rows: readonly Row[], tell: Tell): void {
  const known = useRef(new Map<string, RowStatus>())
  useEffect(() => {
    for (const { item, state } of rows) {
      const before = known.current.get(item.id)
      known.current.set(item.id, state.status)
      if (before === state.status) continue
      if (state.status === 'ready' || state.status === 'partial' || state.status === 'failed') {
        tell(state.status, item.name)
      } else if (before === undefined) tell('added', item.name)
    }
  })
}

function useDeletionNews(tell: Tell): void {
  const assets = useAssets()
  const gone = useGoneAssets()
  const known = useRef({ assets, gone })
  useEffect(() => {
    const before = known.current
    known.current = { assets, gone }
    for (const id of gone) {
      const asset = before.assets.get(id)
      if (asset && !before.gone.has(id)) tell('deleted', asset.filename)
    }
  })
}
