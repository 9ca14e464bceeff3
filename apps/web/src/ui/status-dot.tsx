/** Hollow, so that it differs from a failure by more than a shade of red. */
const UNDER_WAY = 'border-2 border-accent animate-pulse'

const COLORS: Record<string, string> = {
  waiting: 'bg-edge',
  queued: 'bg-edge',
  pending: 'bg-edge',
  awaiting_upload: 'bg-edge',
  uploading: 'bg-accent',
  confirming: 'bg-accent',
  running: UNDER_WAY,
  processing: UNDER_WAY,
  deleting: UNDER_WAY,
  succeeded: 'bg-good',
  done: 'bg-good',
  delivered: 'bg-good',
  completed: 'bg-good',
  ready: 'bg-good',
  partial: 'bg-warn',
  paused: 'bg-warn',
  interrupted: 'bg-warn',
  failed: 'bg-bad',
}

/** Shows the colour of a status, beside the word for it. */
export const StatusDot = ({ status }: { status: string }) => (
  <span className={`size-2 shrink-0 rounded-full ${COLORS[status] ?? 'bg-edge/50'}`} aria-hidden="true" />
)
