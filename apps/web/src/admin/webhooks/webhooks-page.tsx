import { useState } from 'react'
import { May } from '../../session/may.tsx'
import { Button } from '../../ui/button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { type Secret, SecretDialog } from '../../ui/secret-dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { ListState } from '../shared/list-state.tsx'
import { AddWebhookDialog } from './add-webhook-dialog.tsx'
import { useWebhooks } from './use-webhooks.ts'
import { WebhookRow } from './webhook-row.tsx'

/** Shows the page at `/webhooks`: the endpoints, and whether deliveries succeed. */
export default function WebhooksPage() {
  const query = useWebhooks()
  const now = useNow()
  const [isAdding, setAdding] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const webhooks = query.data ?? []
  const add = (
    <May need="write">
      <Button look="primary" data-testid="add-webhook" onClick={() => setAdding(true)}>
        Add an endpoint
      </Button>
    </May>
  )
  return (
    <>
      <PageTitle actions={webhooks.length > 0 && add}>Webhooks</PageTitle>
      <Section title="Endpoints" note={webhooks.length || null} testId="webhooks" actions={<Docs />}>
        <ListState
          what="The webhooks"
          query={query}
          empty={
            webhooks.length === 0 && (
              <Empty
                testId="no-webhooks"
                title="No webhook endpoints"
                text="Add an endpoint: it gets a signed message for each event, for example when a file is ready."
              >
                {add}
              </Empty>
            )
          }
        />
        {webhooks.length > 0 && (
          <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
            {webhooks.map(webhook => (
              <WebhookRow key={webhook.id} webhook={webhook} now={now} onSecret={setSecret} />
            ))}
          </ul>
        )}
      </Section>
      {isAdding && <AddWebhookDialog onClose={() => setAdding(false)} onSecret={setSecret} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </>
  )
}

const Docs = () => <DocsLink page="webhooks">How to receive them</DocsLink>
