import { useEffect, useRef, useState } from 'react'
import { announcementOf, type News } from '../uploads/announcement.ts'
import type { RowStatus } from '../uploads/row-view.ts'
import type { Row } from './use-rows.ts'

/** News are collected this long, so that thirty files are one sentence. */
const COLLECT_MS = 1500

const noNews = (): News => ({ added: [], ready: [], partial: [], failed: [] })

/** What to tell a screen reader about the rows: what was added and what is finished, nothing in between. */
export function useAnnouncement(rows: readonly Row[]): string {
  const [text, setText] = useState('')
  const known = useRef(new Map<string, RowStatus>())
  const news = useRef(noNews())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    for (const { item, view } of rows) {
      const before = known.current.get(item.id)
      known.current.set(item.id, view.status)
      if (before === view.status) continue
      if (view.status === 'ready' || view.status === 'partial' || view.status === 'failed') {
        news.current[view.status].push(item.file.name)
      } else if (before === undefined) news.current.added.push(item.file.name)
      else continue
      timer.current ??= setTimeout(() => {
        setText(announcementOf(news.current))
        news.current = noNews()
        timer.current = undefined
      }, COLLECT_MS)
    }
  }, [rows])
  return text
}
