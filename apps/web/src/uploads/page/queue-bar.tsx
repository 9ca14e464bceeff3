import type { Row } from '../../hooks/use-rows.ts'
import { useServices } from '../../hooks/use-services.ts'
import { useTimeLeft } from '../../hooks/use-time-left.ts'
import { humanBytesOf } from '../../human-bytes.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { totalsOf } from '../totals.ts'

/** Shows how far all files are together, from the first byte to the last variant, and holds them. */
export function QueueBar({ rows }: { rows: readonly Row[] }) {
  const { engine } = useServices()
  const totals = totalsOf(rows)
  const left = useTimeLeft(totals)
  if (totals.open === 0) return null
  const canPause = rows.some(({ item: { phase } }) => phase === 'waiting' || phase === 'sending')
  const text = [
    `${totals.percent} %`,
    totals.sentBytes < totals.totalBytes ? humanBytesOf(totals.sentBytes, totals.totalBytes) : 'all sent, processing',
    totals.paused > 0 ? `${totals.paused} paused` : left,
  ]
    .filter(Boolean)
    .join(' · ')
  return (
    <div
      data-testid="queue-bar"
      data-percent={totals.percent}
      className="mb-4 rounded-2xl border border-line bg-surface px-4 py-3 shadow-card sm:px-5"
    >
      <div className="flex min-h-11 flex-wrap items-center justify-between gap-x-4">
        <p className="text-sm" data-testid="queue-text">
          <span className="font-medium">{totals.open === 1 ? '1 file' : `${totals.open} files`} to go</span>{' '}
          <span className="text-muted">{text}</span>
        </p>
        <div className="-mr-3 flex items-center">
          {canPause && (
            <Button look="quiet" data-testid="pause-all" onClick={engine.pauseAll}>
              Pause all
            </Button>
          )}
          {totals.paused > 0 && (
            <Button look="quiet" data-testid="resume-all" onClick={engine.resumeAll}>
              Resume all
            </Button>
          )}
        </div>
      </div>
      <ProgressBar value={totals.percent} label="All files" text={text} />
    </div>
  )
}
