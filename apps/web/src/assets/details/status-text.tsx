import { StatusDot } from '../../ui/status-dot.tsx'
import type { RowStatus } from '../../uploads/row-state.ts'

/** Shows the status of an upload or an asset as a colour and in words. */
export function StatusText({ status, text }: { status: RowStatus; text: string }) {
  return (
    <p className="flex min-w-0 items-center gap-2 text-sm text-muted">
      <StatusDot status={status} />
      <span className="line-clamp-2 min-w-0" data-testid="status">
        {text}
      </span>
    </p>
  )
}
