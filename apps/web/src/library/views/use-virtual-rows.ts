import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type RefObject, useLayoutEffect, useState } from 'react'
import type { View } from '../search/library-search.ts'

const GAP = 16
const SMALLEST_TILE = 168
/** Below this width two tiles stand side by side, as on phones. */
const SMALL_WIDTH = 520
/** Name and facts below the picture, and the gap to the next row. */
const CAPTION = 68
const TABLE_ROW = 56
/** Rows that are there before one scrolls to them. */
const OVERSCAN = 4

/** Lays out a view of any length, of which only the rows near the window exist. */
export function useVirtualRows(root: RefObject<HTMLElement | null>, view: View, count: number) {
  const [box, setBox] = useState({ width: 0, top: 0 })
  useLayoutEffect(() => {
    const element = root.current
    if (!element) return
    const measure = () => {
      const { width, top } = element.getBoundingClientRect()
      const next = { width: Math.round(width), top: Math.round(top + window.scrollY) }
      setBox(last => (last.width === next.width && last.top === next.top ? last : next))
    }
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    observer.observe(document.body)
    measure()
    return () => observer.disconnect()
  }, [root])

  const columns = view === 'table' ? 1 : columnsOf(box.width)
  const size = Math.floor((box.width - GAP * (columns - 1)) / columns)
  const rowHeight = view === 'table' ? TABLE_ROW : size + CAPTION
  const virtualizer = useWindowVirtualizer({
    count: box.width === 0 ? 0 : Math.ceil(count / columns),
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollMargin: box.top,
    useFlushSync: false,
  })
  useLayoutEffect(() => {
    void rowHeight
    virtualizer.measure()
  }, [virtualizer, rowHeight])
  return { virtualizer, columns, size, rowHeight, top: box.top }
}

const columnsOf = (width: number): number =>
  width < SMALL_WIDTH ? 2 : Math.max(2, Math.floor((width + GAP) / (SMALLEST_TILE + GAP)))
