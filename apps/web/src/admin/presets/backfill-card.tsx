import type { Backfill } from '@darkroom/contracts'
import { May } from '../../session/may.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Prose } from '../../ui/prose.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { errorTitle } from '../format/error-title.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { useAction } from '../session/use-action.ts'
import { backfillText, isUnderWay, number } from './preset-words.ts'

type BackfillAction = 'pause' | 'resume' | 'cancel'

const DONE_WORDS: Record<BackfillAction, string> = { pause: 'Paused', resume: 'Resumed', cancel: 'Cancelled' }

/** Shows one backfill: its progress, its failures, and its buttons. */
export function BackfillCard({ backfill, now }: { backfill: Backfill; now: number }) {
  const { id, preset, status, phase, reason, progress, failures, createdAt, finishedAt } = backfill
  const what = `${preset.name}@${preset.version}`
  const at = finishedAt ?? createdAt
  return (
    <li data-testid="backfill" data-backfill-id={id} data-status={status} className="px-4 py-3 sm:px-5">
      <p className="flex flex-wrap items-center gap-x-3 text-sm">
        <span className="text-base font-semibold wrap-anywhere">{what}</span>
        <span className="inline-flex items-center gap-2">
          <StatusDot status={status} />
          {status}
          {isUnderWay(backfill) && phase === 'canary' && ', canary first'}
        </span>
        <time dateTime={at} title={dateTime(at)} className="text-muted sm:ml-auto">
          {finishedAt ? 'ended' : 'begun'} {humanAgo(at, now)}
        </time>
      </p>
      {isUnderWay(backfill) && (
        <div className="my-2.5">
          <ProgressBar value={Math.round(progress * 100)} label={`Progress of ${what}`} text={backfillText(backfill)} />
        </div>
      )}
      <p className="text-sm text-muted">{backfillText(backfill)}</p>
      {Object.entries(failures).map(([code, count]) => (
        <p key={code} className="text-sm">
          <span className="font-medium text-bad">{errorTitle(code)}</span> {number(count)}{' '}
          <span className="font-mono text-xs text-muted">{code}</span>
        </p>
      ))}
      {reason && (
        <p className="mt-1 rounded-xl bg-sunken px-3 py-2 text-sm text-pretty wrap-anywhere" data-testid="reason">
          <Prose text={reason} />
        </p>
      )}
      {isUnderWay(backfill) && (
        <May need="admin">
          <BackfillActions backfill={backfill} what={what} />
        </May>
      )}
    </li>
  )
}

function BackfillActions({ backfill: { id, status }, what }: { backfill: Backfill; what: string }) {
  const change = useAction(
    (darkroom, action: BackfillAction) => darkroom.backfills[action](id),
    (_, action) => `${DONE_WORDS[action]}: ${what}.`,
  )
  const isPaused = status === 'paused'
  return (
    <div className="-ml-3 flex flex-wrap items-center">
      <Button
        look="quiet"
        data-testid={isPaused ? 'resume-backfill' : 'pause-backfill'}
        aria-label={`${isPaused ? 'Resume' : 'Pause'} ${what}`}
        disabled={change.isPending}
        onClick={() => change.run(isPaused ? 'resume' : 'pause')}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <ConfirmButton
        testId="cancel-backfill"
        detail={what}
        confirmLabel="Cancel permanently"
        disabled={change.isPending}
        onConfirm={() => change.run('cancel')}
      >
        Cancel
      </ConfirmButton>
    </div>
  )
}
