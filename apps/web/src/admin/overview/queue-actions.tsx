import type { QueueOverview } from '@darkroom/contracts'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { useAction } from '../session/use-action.ts'
import { PauseControl } from './pause-control.tsx'

/** Shows the buttons for all queues at once. */
export function QueueActions({ queues }: { queues: QueueOverview[] }) {
  const rebuild = useAction(
    darkroom => darkroom.admin.queues.rebuild(),
    ({ redispatched, removed }) =>
      `Rebuilt: ${redispatched} waiting jobs are dispatched again, ${removed} stale entries were removed.`,
  )
  return (
    <>
      <ConfirmButton
        testId="rebuild"
        detail="the queue from the database"
        confirmLabel="Rebuild now"
        disabled={rebuild.isPending}
        onConfirm={() => rebuild.run(undefined)}
      >
        Rebuild
      </ConfirmButton>
      <PauseControl name="all" isPaused={queues.every(({ pausedAt }) => pausedAt !== null)} />
    </>
  )
}
