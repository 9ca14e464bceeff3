import type { Webhook } from '@darkroom/contracts'
import { StatusDot } from '../../ui/status-dot.tsx'
import { dateTime } from '../format/human-time.ts'
import { ErrorLine } from '../shared/error-line.tsx'
import { eventsText, webhookState } from './webhook-words.ts'

/** Shows the state of an endpoint, its events, and the last error. */
export function WebhookState({ webhook, now }: { webhook: Webhook; now: number }) {
  const { status, text } = webhookState(webhook, now)
  const { failingSince, lastError, previousSecretExpiresAt } = webhook
  return (
    <div className="grid gap-0.5 text-sm" data-testid="webhook-state" data-enabled={webhook.enabled}>
      <p className="flex flex-wrap items-center gap-x-2 text-muted">
        <span className="inline-flex items-center gap-2 text-ink" title={failingSince ? dateTime(failingSince) : ''}>
          <StatusDot status={status} />
          {text}
        </span>
        <span aria-hidden="true" className="max-sm:hidden">
          ·
        </span>
        <span className="min-w-0 wrap-anywhere max-sm:basis-full">{eventsText(webhook)}</span>
      </p>
      {lastError && <ErrorLine error={lastError} />}
      {previousSecretExpiresAt && (
        <p className="text-muted">Also signed with the previous secret until {dateTime(previousSecretExpiresAt)}.</p>
      )}
    </div>
  )
}
