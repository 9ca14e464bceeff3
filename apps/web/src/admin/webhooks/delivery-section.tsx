import { DocsLink } from '../../ui/docs-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { type LinkTab, LinkTabs } from '../../ui/link-tabs.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Section } from '../../ui/section.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { ListState } from '../shared/list-state.tsx'
import { DeliveryRow } from './delivery-row.tsx'
import { DELIVERY_STATUSES, type DeliveryStatus } from './delivery-status.ts'
import { useDeliveries } from './use-deliveries.ts'

interface DeliverySectionProps {
  webhookId: string
  /** Only those in this state. */
  status: DeliveryStatus | undefined
  now: number
}

/** Shows the deliveries of an endpoint: what was sent and what it answered. The URL holds the filter. */
export function DeliverySection({ webhookId, status, now }: DeliverySectionProps) {
  const { items, ...query } = useDeliveries(webhookId, status)
  return (
    <Section title="Deliveries" testId="deliveries">
      <DeliveryTabs webhookId={webhookId} status={status} />
      <ListState
        what="The deliveries"
        query={query}
        empty={
          items.length === 0 && (
            <Empty
              testId="no-deliveries"
              title={status ? `No ${status} deliveries` : 'No deliveries yet'}
              text="Messages appear here automatically. Send a ping to test the endpoint."
            >
              <DocsLink page="webhooks">About deliveries and retries</DocsLink>
            </Empty>
          )
        }
      />
      {items.length > 0 && (
        <ul
          aria-label="Deliveries"
          className={`divide-y divide-line rounded-2xl border border-line bg-surface shadow-card transition-opacity ${query.isPlaceholderData ? 'opacity-60' : ''}`}
        >
          {items.map(delivery => (
            <DeliveryRow key={delivery.id} webhookId={webhookId} delivery={delivery} now={now} />
          ))}
        </ul>
      )}
      <LoadMore list={query} testId="more-deliveries" />
    </Section>
  )
}

function DeliveryTabs({ webhookId, status }: { webhookId: string; status: DeliveryStatus | undefined }) {
  const path = { to: '/webhooks/$webhookId', params: { webhookId } } as const
  const all: LinkTab = { link: path, label: 'All', testId: 'deliveries-all', isCurrent: status === undefined }
  const tabs: LinkTab[] = (Object.keys(DELIVERY_STATUSES) as DeliveryStatus[]).map(each => ({
    link: { ...path, search: { status: each } },
    testId: `deliveries-${each}`,
    isCurrent: each === status,
    label: (
      <>
        <StatusDot status={each} />
        {DELIVERY_STATUSES[each]}
      </>
    ),
  }))
  return <LinkTabs label="Delivery status" tabs={[all, ...tabs]} />
}
