import type { WebhookDelivery } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { StatusDot } from '../../ui/status-dot.tsx'
import { dateTime } from '../format/human-time.ts'
import { answerText, deliveryText } from './webhook-words.ts'

interface DeliveryRowProps {
  webhookId: string
  delivery: WebhookDelivery
  now: number
}

/** Shows one message with its progress and the last response, and leads to its page. */
export function DeliveryRow({ webhookId, delivery, now }: DeliveryRowProps) {
  const { id, type, status, attempts, createdAt } = delivery
  const last = attempts[0]
  return (
    <li data-testid="delivery" data-delivery-id={id} data-status={status}>
      <Link
        to="/webhooks/$webhookId/deliveries/$deliveryId"
        params={{ webhookId, deliveryId: id }}
        data-testid="open-delivery"
        className="flex min-h-11 items-center gap-x-3 rounded-2xl px-4 py-2 hover:bg-sunken sm:px-5"
      >
        <StatusDot status={status} />
        <span className="min-w-0 flex-1">
          <span className="block font-mono text-sm font-medium wrap-anywhere">{type}</span>
          <span className="block text-sm text-muted first-letter:uppercase" title={`Created ${dateTime(createdAt)}`}>
            {deliveryText(delivery, now)}
          </span>
        </span>
        {last && (
          <span className={`text-sm tabular-nums ${last.error ? 'font-medium text-bad' : 'text-muted'}`}>
            {answerText(last)}
          </span>
        )}
      </Link>
    </li>
  )
}
