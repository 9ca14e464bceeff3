import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../session/use-may.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { type Secret, SecretDialog } from '../../ui/secret-dialog.tsx'
import { useNow } from '../../ui/use-now.ts'
import { ListState } from '../shared/list-state.tsx'
import { DeliverySection } from './delivery-section.tsx'
import { ReplayDialog } from './replay-dialog.tsx'
import { useWebhooks } from './use-webhooks.ts'
import { WebhookActions } from './webhook-actions.tsx'
import { WebhookState } from './webhook-state.tsx'

const BACK = { link: { to: '/webhooks' }, label: 'All endpoints' } as const

/** Shows the page at `/webhooks/<id>`. */
export default function WebhookPage() {
  const { webhookId } = useParams({ from: '/webhooks/$webhookId' })
  return <Endpoint key={webhookId} id={webhookId} />
}

/** Shows one endpoint and its deliveries. */
function Endpoint({ id }: { id: string }) {
  const { status } = useSearch({ from: '/webhooks/$webhookId' })
  const query = useWebhooks()
  const mayWrite = useMay('write')
  const now = useNow()
  const [isReplaying, setReplaying] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const webhook = query.data?.find(each => each.id === id)
  const copyId = <CopyButton text={id} label="Copy id" detail="of the endpoint" />
  return (
    <>
      <PageTitle back={BACK} isLong={webhook !== undefined}>
        {webhook?.url ?? 'Endpoint'}
      </PageTitle>
      <ListState
        what="The endpoint"
        query={query}
        empty={
          !webhook && <Empty testId="unknown-webhook" title="Endpoint not found" text="It may have been deleted." />
        }
      />
      {webhook && (
        <>
          <section
            aria-label="Endpoint"
            className="rounded-2xl border border-line bg-surface px-4 py-3 shadow-card sm:px-5"
          >
            {webhook.description && <p className="pb-1 wrap-anywhere">{webhook.description}</p>}
            <WebhookState webhook={webhook} now={now} />
            {mayWrite ? (
              <WebhookActions webhook={webhook} onSecret={setSecret}>
                <Button
                  look="quiet"
                  data-testid="replay"
                  disabled={!webhook.enabled}
                  onClick={() => setReplaying(true)}
                >
                  Replay since …
                </Button>
                {copyId}
              </WebhookActions>
            ) : (
              <div className="-ml-3">{copyId}</div>
            )}
          </section>
          <DeliverySection webhookId={id} status={status} now={now} />
        </>
      )}
      {isReplaying && <ReplayDialog webhookId={id} onClose={() => setReplaying(false)} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
}
