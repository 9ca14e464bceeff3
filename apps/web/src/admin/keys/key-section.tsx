import type { ApiKey } from '@darkroom/contracts'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { Empty } from '../../ui/empty.tsx'
import { ChevronIcon } from '../../ui/icons.tsx'
import { type Secret, SecretDialog } from '../../ui/secret-dialog.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { type KeyOwner, keyCalls } from './key-calls.ts'
import { KeyRow } from './key-row.tsx'
import { works } from './key-words.ts'

interface KeySectionProps {
  owner: KeyOwner
  title: string
}

/** Last use is noted to the minute. */
const REFRESH_MS = 15_000

/** Lists the keys of a project, with the button for a new one. */
export function KeySection({ owner, title }: KeySectionProps) {
  const query = useAdminQuery<ApiKey[]>({
    name: ['keys', owner],
    read: async darkroom => (await keyCalls(darkroom, owner).list()).items,
    everyMs: () => REFRESH_MS,
  })
  const now = useNow()
  const [isCreating, setCreating] = useState(false)
  const [secret, setSecret] = useState<Secret | null>(null)
  const newestFirst = query.data?.toReversed() ?? []
  const working = newestFirst.filter(key => works(key, now))
  const ended = newestFirst.filter(key => !works(key, now))
  return (
    <Section
      title={title}
      note={working.length || null}
      testId="keys"
      actions={
        <>
          <DocsLink page="keys">About API keys</DocsLink>
          {query.data && (
            <Button look="secondary" className="mx-3" data-testid="create-key" onClick={() => setCreating(true)}>
              Create an API key
            </Button>
          )}
        </>
      }
    >
      <ListState
        what="The keys"
        query={query}
        empty={
          working.length === 0 && (
            <Empty
              testId="no-keys"
              title="No API keys"
              text="Create one for each program that uses Darkroom, with only the scopes that it needs."
            />
          )
        }
      />
      {working.length > 0 && <KeyList keys={working} owner={owner} now={now} onSecret={setSecret} />}
      {ended.length > 0 && (
        <details data-testid="ended-keys" className="group mt-2 text-sm">
          <summary className="-ml-1 flex min-h-11 w-fit cursor-pointer list-none items-center gap-1 rounded-lg pr-3 text-muted hover:text-ink">
            <span className="-rotate-90 transition-transform group-open:rotate-0">
              <ChevronIcon />
            </span>
            {ended.length === 1 ? 'One that' : `${ended.length} that`} no longer {ended.length === 1 ? 'works' : 'work'}
          </summary>
          <KeyList keys={ended} owner={owner} now={now} onSecret={setSecret} />
        </details>
      )}
      {isCreating && <CreateKeyDialog owner={owner} onClose={() => setCreating(false)} onSecret={setSecret} />}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
    </Section>
  )
}

interface KeyListProps {
  keys: ApiKey[]
  owner: KeyOwner
  now: number
  onSecret: (secret: Secret) => void
}

const KeyList = ({ keys, owner, now, onSecret }: KeyListProps) => (
  <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
    {keys.map(key => (
      <KeyRow key={key.id} apiKey={key} owner={owner} now={now} onSecret={onSecret} />
    ))}
  </ul>
)
