import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { errorTitle } from '../format/error-title.ts'
import { BulkRequeueDialog } from '../jobs/bulk-requeue-dialog.tsx'

/** Shows the button that requeues all jobs that failed like this, after it showed how many that means. */
export function RequeueLikeThis({ code, look = 'quiet' }: { code: string; look?: 'quiet' | 'secondary' }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        look={look}
        data-testid="requeue-all"
        aria-label={`Requeue all: ${errorTitle(code)}`}
        onClick={() => setOpen(true)}
      >
        Requeue all
      </Button>
      {isOpen && <BulkRequeueDialog filter={{ code, status: 'failed' }} onClose={() => setOpen(false)} />}
    </>
  )
}
