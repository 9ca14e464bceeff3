import { useQuery } from '@tanstack/react-query'
import { useAction } from '../admin/session/use-action.ts'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import type { Question } from './use-commands.tsx'

interface PaletteQuestionProps {
  question: Question
  onClose: () => void
}

/** Asks once more before something is done that many see. */
export const PaletteQuestion = ({ question, onClose }: PaletteQuestionProps) =>
  question === 'requeue' ? <RequeueQuestion onClose={onClose} /> : <PauseQuestion onClose={onClose} />

const FAILED = { filter: { status: 'failed' }, all: true } as const

function RequeueQuestion({ onClose }: { onClose: () => void }) {
  const { clients } = useServices()
  const { key } = useApiKey()
  const dryRun = useQuery({
    queryKey: ['palette-requeue', key],
    queryFn: () => clients().quick.admin.jobs.requeueMany({ ...FAILED, dryRun: true }),
    gcTime: 0,
  })
  const requeue = useAction(
    darkroom => darkroom.admin.jobs.requeueMany({ ...FAILED, dryRun: false }),
    ({ requeued, matched }) => `Requeued ${requeued} of ${matched} failed jobs.`,
  )
  return (
    <ConfirmDialog
      title="Requeue all failed jobs?"
      testId="requeue-all"
      confirmLabel="Requeue"
      onConfirm={() => requeue.run(undefined)}
      onClose={onClose}
    >
      {dryRun.error?.message ??
        (dryRun.data
          ? `${dryRun.data.matched} jobs have failed. Each gets another attempt; what cannot help is left as it is.`
          : 'Counting them …')}
    </ConfirmDialog>
  )
}

function PauseQuestion({ onClose }: { onClose: () => void }) {
  const pause = useAction(
    darkroom => darkroom.admin.queues.pause('all', {}),
    () => 'Paused all queues. Running jobs finish; uploads are still accepted.',
  )
  return (
    <ConfirmDialog
      title="Pause all queues?"
      testId="pause-all"
      confirmLabel="Pause"
      onConfirm={() => pause.run(undefined)}
      onClose={onClose}
    >
      Running jobs finish, no new jobs start, in all projects. Uploads are still accepted and wait.
    </ConfirmDialog>
  )
}
