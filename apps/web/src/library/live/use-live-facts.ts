import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { LIBRARY_KEY } from '../data/use-library-queries.ts'
import type { EventTail } from './event-tail.ts'

/** Totals of a large library cost the service more than a page of it. */
const AT_MOST_EVERY_MS = 5000

/** Has totals, storage, folders and tags read anew when something happens. */
export function useLiveFacts(tail: EventTail): void {
  const queryClient = useQueryClient()
  useEffect(() => {
    let readAt = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    function read(): void {
      timer = undefined
      readAt = Date.now()
      void queryClient.invalidateQueries({ queryKey: [LIBRARY_KEY] })
    }
    const unsubscribe = tail.subscribe(() => {
      timer ??= setTimeout(read, Math.max(0, readAt + AT_MOST_EVERY_MS - Date.now()))
    })
    return () => {
      clearTimeout(timer)
      unsubscribe()
    }
  }, [tail, queryClient])
}
