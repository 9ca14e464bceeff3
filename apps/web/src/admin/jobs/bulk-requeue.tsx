import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { type JobFilter, requeueFilterOf } from '../filter/job-filter.ts'
import { BulkRequeueDialog } from './bulk-requeue-dialog.tsx'

interface BulkRequeueProps {
  filter: JobFilter
  /** There is nothing to requeue in the list. */
  isEmpty: boolean
}

/** Shows the button that requeues everything in the filter, where something can be requeued. */
export function BulkRequeue({ filter, isEmpty }: BulkRequeueProps) {
  // Counted once, at the click: the dry run and the run itself must mean the same jobs.
  const [openedAt, setOpenedAt] = useState<number | null>(null)
  const requeueFilter = requeueFilterOf(filter, openedAt ?? 0)
  if (!requeueFilter) return null
  return (
    <>
      {!isEmpty && (
        <Button look="quiet" data-testid="bulk-requeue" onClick={() => setOpenedAt(Date.now())}>
          Requeue all that match
        </Button>
      )}
      {openedAt !== null && <BulkRequeueDialog filter={requeueFilter} onClose={() => setOpenedAt(null)} />}
    </>
  )
}
