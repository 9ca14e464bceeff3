import { useEffect, useMemo } from 'react'
import { useApiKey } from '../../hooks/use-api-key.ts'
import { useServices } from '../../hooks/use-services.ts'
import { createEventTail, type EventTail } from './event-tail.ts'

const PAGE_SIZE = 200

/** What may change a list of assets, its totals, or what stands in a row. The steps of a job, the follower of assets knows. */
const TYPES = [
  'asset.created',
  'asset.processing',
  'asset.inspected',
  'asset.ready',
  'asset.partial',
  'asset.failed',
  'asset.reprocess',
  'asset.updated',
  'asset.expired',
  'asset.taken_down',
  'asset.deleting',
  'asset.purged',
].join(',')

/** Follows the event log with the key of the moment, for as long as a page is shown and its tab is not hidden. */
export function useEventTail(): EventTail {
  const { clients, keys } = useServices()
  const { key } = useApiKey()
  const tail = useMemo(() => {
    // Each key has a log of its own.
    void key
    const { events } = clients().quick
    return createEventTail({
      read: after => events.list({ after, limit: PAGE_SIZE, types: TYPES }),
      mayRead: () => !document.hidden && keys.get().key !== null && keys.get().readDenial === null,
    })
  }, [clients, keys, key])
  useEffect(() => {
    tail.start()
    document.addEventListener('visibilitychange', tail.nudge)
    return () => {
      document.removeEventListener('visibilitychange', tail.nudge)
      tail.stop()
    }
  }, [tail])
  return tail
}
