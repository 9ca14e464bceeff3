import type { Alarm } from '@darkroom/contracts'
import { Button } from '../../ui/button.tsx'
import { Prose } from '../../ui/prose.tsx'
import { errorTitle } from '../format/error-title.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { useAction } from '../session/use-action.ts'

/** Shows an alarm, with what to do about it. */
export function AlarmItem({ alarm, now }: { alarm: Alarm; now: number }) {
  const { id, code, subject, message, action, count, raisedAt, lastSeenAt } = alarm
  const title = errorTitle(code)
  const acknowledge = useAction(
    darkroom => darkroom.admin.acknowledgeAlarm(id),
    () => `Acknowledged: ${title}. It is raised again if the cause is not fixed.`,
  )
  return (
    <li
      data-testid="alarm"
      data-code={code}
      className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 rounded-2xl border border-bad/40 bg-bad-soft p-4"
    >
      <div className="min-w-0 flex-1 basis-72 wrap-anywhere">
        <h3 className="font-semibold">{title}</h3>
        <p className="mt-1 text-sm">
          <Prose text={message} />
        </p>
        <p className="mt-2 text-sm">
          <span className="font-medium">What to do:</span> <Prose text={action} />
        </p>
        <p className="mt-2 text-xs text-muted">
          <span className="font-mono">{code}</span> · {subject} ·{' '}
          <time dateTime={raisedAt} title={dateTime(raisedAt)}>
            raised {humanAgo(raisedAt, now)}
          </time>
          {count > 1 && `, ${count} times, last ${humanAgo(lastSeenAt, now)}`}
        </p>
      </div>
      <Button
        look="secondary"
        data-testid="acknowledge"
        aria-label={`Acknowledge: ${title}`}
        disabled={acknowledge.isPending}
        onClick={() => acknowledge.run(undefined)}
      >
        Acknowledge
      </Button>
    </li>
  )
}
