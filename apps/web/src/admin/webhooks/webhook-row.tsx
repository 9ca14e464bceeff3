import type { Webhook } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { May } from '../../session/may.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { WebhookState } from './webhook-state.tsx'

interface WebhookRowProps {
  webhook: Webhook
  now: number
  onSecret: (secret: Secret) => void
}

/** Shows one endpoint: its URL, its events, its state, and its buttons. */
export function WebhookRow({ webhook, now, onSecret }: WebhookRowProps) {
  const { id, url, description } = webhook
  return (
    <li data-testid="webhook" data-webhook-id={id} className="py-3 pr-2 pl-4 sm:pl-5">
      <Link
        to="/webhooks/$webhookId"
        params={{ webhookId: id }}
        data-testid="open-webhook"
        className="inline-block max-w-full rounded py-1 font-semibold wrap-anywhere hover:underline"
      >
        {url}
      </Link>
      {description && <p className="text-sm wrap-anywhere">{description}</p>}
      <WebhookState webhook={webhook} now={now} />
      <May need="write">
        <WebhookActions webhook={webhook} onSecret={onSecret} />
      </May>
    </li>
  )
}
