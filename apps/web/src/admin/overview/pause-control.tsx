import type { QueueName } from '@darkroom/contracts'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { useAction } from '../session/use-action.ts'
import { PauseDialog } from './pause-dialog.tsx'

/** Stops and starts a queue, or all of them. Pausing asks for a reason, because others will see a queue that stands still. */
export function PauseControl({ name, isPaused }: { name: QueueName | 'all'; isPaused: boolean }) {
  const [isAsking, setAsking] = useState(false)
  const what = name === 'all' ? 'all queues' : `the ${name} queue`
  const pause = useAction(
    (darkroom, reason: string) => darkroom.admin.queues.pause(name, reason ? { reason } : {}),
    () => `Paused ${what}. Running jobs finish; uploads are still accepted.`,
  )
  const resume = useAction(
    darkroom => darkroom.admin.queues.resume(name),
    () => `Resumed ${what}.`,
  )
  const word = isPaused ? 'Resume' : 'Pause'
  return (
    <>
      <Button
        look="quiet"
        data-testid={isPaused ? 'resume' : 'pause'}
        aria-label={`${word} ${what}`}
        disabled={pause.isPending || resume.isPending}
        onClick={() => (isPaused ? resume.run(undefined) : setAsking(true))}
      >
        {name === 'all' ? `${word} all` : word}
      </Button>
      {isAsking && <PauseDialog what={what} onPause={pause.run} onClose={() => setAsking(false)} />}
    </>
  )
}
