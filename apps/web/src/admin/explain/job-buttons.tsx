import type { AdminJob } from '@darkroom/contracts'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { mayCancel, mayRequeue } from '../format/job-words.ts'
import { useCancel, useRequeue } from '../jobs/use-job-actions.ts'

/** Shows the buttons for what can be done with a job in its state. */
export function JobButtons({ job }: { job: AdminJob }) {
  const requeue = useRequeue(job)
  const cancel = useCancel(job)
  return (
    <>
      {mayRequeue(job) && (
        <Button
          look="primary"
          className="ml-3"
          data-testid="requeue"
          disabled={requeue.isPending}
          onClick={() => requeue.run(undefined)}
        >
          Requeue
        </Button>
      )}
      {mayCancel(job) && (
        <ConfirmButton
          testId="cancel"
          detail={`the job of ${job.filename ?? 'this asset'}`}
          confirmLabel="Cancel the job"
          disabled={cancel.isPending}
          onConfirm={() => cancel.run(undefined)}
        >
          Cancel
        </ConfirmButton>
      )}
    </>
  )
}
