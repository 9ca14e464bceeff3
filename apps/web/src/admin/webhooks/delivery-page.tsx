import type { Webhook, WebhookDelivery } from '@darkroom/contracts'
import { Link, useParams } from '@tanstack/react-router'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Json } from '../../ui/json.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { useNow } from '../../ui/use-now.ts'
import { dateTime } from '../format/human-time.ts'
import { useAction } from '../session/use-action.ts'
import { ListState } from '../shared/list-state.tsx'
import { isNotFound } from '../shared/query-problem.tsx'
import { DeliveryAttempts } from './delivery-attempts.tsx'
import { useDelivery } from './use-delivery.ts'
import { useWebhooks } from './use-webhooks.ts'
import { deliveryText } from './webhook-words.ts'

/** Shows the page at `/webhooks/<id>/deliveries/<id>`: one message, what was sent, and what came back each time. */
export default function DeliveryPage() {
  const { webhookId, deliveryId } = useParams({ from: '/webhooks/$webhookId/deliveries/$deliveryId' })
  const query = useDelivery(webhookId, deliveryId)
  const webhook = useWebhooks().data?.find(({ id }) => id === webhookId)
  const delivery = query.data
  const back = { link: { to: '/webhooks/$webhookId', params: { webhookId } }, label: 'All deliveries' } as const
  return (
    <>
      <PageTitle back={back}>{delivery?.type ?? 'Delivery'}</PageTitle>
      {isNotFound(query.error) ? (
        <Empty
          testId="unknown-delivery"
          title="Delivery not found"
          text="Its endpoint may have been deleted, or it was settled more than 30 days ago."
        />
      ) : (
        <ListState what="The delivery" query={query} />
      )}
      {delivery && !isNotFound(query.error) && (
        <article data-testid="delivery" data-delivery-id={delivery.id} data-status={delivery.status}>
          <DeliverySummary delivery={delivery} webhook={webhook} />
          <Section title="Attempts" note={delivery.attempts.length || null} testId="delivery-attempts">
            {delivery.attempts.length === 0 ? (
              <p className="text-sm text-muted">Not sent yet.</p>
            ) : (
              <DeliveryAttempts attempts={delivery.attempts} />
            )}
          </Section>
          <Section title="Payload" testId="delivery-payload" actions={<Verify />}>
            <Sent delivery={delivery} />
            <Json value={delivery.message} name="the message" testId="message" />
          </Section>
        </article>
      )}
    </>
  )
}

const Verify = () => <DocsLink page="webhooks">How to verify it</DocsLink>

function DeliverySummary({ delivery, webhook }: { delivery: WebhookDelivery; webhook: Webhook | undefined }) {
  const { id, type, status, createdAt, message } = delivery
  const now = useNow()
  const assetId = assetIn(message.data)
  return (
    <section
      aria-label="State"
      className="rounded-2xl border border-line bg-surface px-4 py-3 text-sm shadow-card sm:px-5"
    >
      <p className="inline-flex items-center gap-2 font-medium" data-testid="delivery-state">
        <StatusDot status={status} />
        <span className="first-letter:uppercase">{deliveryText(delivery, now)}</span>
      </p>
      {webhook && (
        <p className="text-muted wrap-anywhere">
          To <span className="text-ink">{webhook.url}</span>, created{' '}
          <time dateTime={createdAt}>{dateTime(createdAt)}</time>
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-x-1 gap-y-2">
        <Redeliver delivery={delivery} webhook={webhook} />
        {assetId && (
          <Link
            to="/assets/$assetId"
            params={{ assetId }}
            data-testid="delivery-asset"
            className={buttonClass('quiet')}
          >
            Show the asset
          </Link>
        )}
        <CopyButton text={id} label="Copy id" detail={`of the delivery of ${type}`} />
      </div>
    </section>
  )
}

function Redeliver({ delivery: { id, type }, webhook }: { delivery: WebhookDelivery; webhook: Webhook | undefined }) {
  const redeliver = useAction(
    darkroom => darkroom.webhooks.redeliver(webhook?.id ?? '', id),
    () => `Sent ${type} again.`,
  )
  return (
    <>
      <Button
        look="secondary"
        data-testid="redeliver"
        aria-label={`Redeliver ${type}`}
        disabled={redeliver.isPending || !webhook?.enabled}
        onClick={() => redeliver.run(undefined)}
      >
        Redeliver
      </Button>
      {webhook && !webhook.enabled && (
        <Link to="/webhooks/$webhookId" params={{ webhookId: webhook.id }} className="px-2 underline">
          Enable the endpoint first.
        </Link>
      )}
    </>
  )
}

/** Shows how the message travels. The signature is new for each attempt, and never shown. */
const Sent = ({ delivery: { messageId } }: { delivery: WebhookDelivery }) => (
  <dl className="mb-3 grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
    <dt className="text-muted">Sent as</dt>
    <dd className="font-mono text-xs leading-5">POST, content-type: application/json</dd>
    <dt className="text-muted">webhook-id</dt>
    <dd className="flex flex-wrap items-center gap-x-2">
      <span className="font-mono text-xs wrap-anywhere">{messageId}</span>
      <CopyButton text={messageId} label="Copy" detail="the webhook-id" />
    </dd>
    <dt className="text-muted">Signature</dt>
    <dd>made anew for each attempt, and not stored</dd>
  </dl>
)

function assetIn(data: WebhookDelivery['message']['data']): string | null {
  const { assetId } = data as { assetId?: unknown }
  return typeof assetId === 'string' ? assetId : null
}
