import type { WebhookDelivery } from '@darkroom/contracts'
import { Button } from '../../ui/button.tsx'
import { ChevronIcon } from '../../ui/icons.tsx'
import { Json } from '../../ui/json.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { dateTime, humanDuration } from '../format/human-time.ts'
import { useAction } from '../session/use-action.ts'
import { ErrorLine } from '../shared/error-line.tsx'
import { deliveryText } from './webhook-words.ts'

interface DeliveryRowProps {
  webhookId: string
  delivery: WebhookDelivery
  /** Whether something can be sent. */
  isEnabled: boolean
  now: number
}

/** Shows one message with its progress; unfolded, each attempt and what was sent. */
export function DeliveryRow({ webhookId, delivery, isEnabled, now }: DeliveryRowProps) {
  const { id, type, status, message, attempts, createdAt } = delivery
  const redeliver = useAction(
    darkroom => darkroom.webhooks.redeliver(webhookId, id),
    () => `Sent ${type} again.`,
  )
  return (
    <li data-testid="delivery" data-delivery-id={id} data-status={status}>
      <details className="group">
        <summary className="flex min-h-11 cursor-pointer list-none items-center gap-x-3 rounded-2xl py-2 pr-4 pl-4 hover:bg-sunken sm:pl-5">
          <StatusDot status={status} />
          <span className="min-w-0 flex-1 flex-wrap items-baseline gap-x-3 sm:flex">
            <span className="block font-mono text-sm font-medium wrap-anywhere">{type}</span>
            <span className="block text-sm text-muted first-letter:uppercase" title={`Created ${dateTime(createdAt)}`}>
              {deliveryText(delivery, now)}
            </span>
          </span>
          <span className="text-muted transition-transform group-open:rotate-180">
            <ChevronIcon />
          </span>
        </summary>
        <div className="px-4 pb-4 sm:px-5">
          {attempts.length > 0 && (
            <ol className="mb-3 divide-y divide-line" aria-label="Attempts">
              {attempts.map(attempt => (
                <Attempt key={attempt.attempt} attempt={attempt} />
              ))}
            </ol>
          )}
          <Json value={message} name="the message" testId="message" />
          <Button
            look="secondary"
            className="mt-3"
            data-testid="redeliver"
            aria-label={`Redeliver ${type}`}
            disabled={redeliver.isPending || !isEnabled}
            onClick={() => redeliver.run(undefined)}
          >
            Redeliver
          </Button>
          {!isEnabled && <span className="ml-3 text-sm text-muted">Enable the endpoint first.</span>}
        </div>
      </details>
    </li>
  )
}

function Attempt({
  attempt: { attempt, startedAt, durationMs, status, answer, error },
}: {
  attempt: WebhookDelivery['attempts'][number]
}) {
  return (
    <li data-testid="delivery-attempt" data-status={status ?? 'none'} className="py-2.5 text-sm">
      <p className="flex flex-wrap items-center gap-x-3">
        <span className="inline-flex items-center gap-2 font-medium">
          <StatusDot status={error ? 'failed' : 'done'} />
          Attempt {attempt}: {status ?? 'no response'}
        </span>
        <span className="text-muted">{humanDuration(durationMs)}</span>
        <time dateTime={startedAt} className="text-muted sm:ml-auto">
          {dateTime(startedAt)}
        </time>
      </p>
      {error && <ErrorLine error={error} />}
      {answer && (
        <pre className="mt-1.5 max-h-40 overflow-auto rounded-xl bg-sunken px-3 py-2 font-mono text-xs wrap-anywhere whitespace-pre-wrap">
          {answer}
        </pre>
      )}
    </li>
  )
}
