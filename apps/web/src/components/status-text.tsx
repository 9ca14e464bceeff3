import type { RowStatus } from '../uploads/row-view.ts'

const COLORS: Record<RowStatus, string> = {
  interrupted: 'bg-warn',
  waiting: 'bg-edge',
  uploading: 'bg-accent',
  confirming: 'bg-accent',
  processing: 'bg-accent animate-pulse',
  ready: 'bg-good',
  partial: 'bg-warn',
  failed: 'bg-bad',
}

export function StatusText({ status, text }: { status: RowStatus; text: string }) {
  return (
    <p className="flex min-w-0 items-center gap-2 text-sm text-muted">
      <span className={`size-2 shrink-0 rounded-full ${COLORS[status]}`} aria-hidden="true" />
      <span className="line-clamp-2 min-w-0" data-testid="status">
        {text}
      </span>
    </p>
  )
}
