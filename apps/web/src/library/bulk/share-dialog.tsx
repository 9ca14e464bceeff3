import { useState } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useSubmit } from './use-submit.ts'

/** Links that are made at a time: each is shown, to be copied. */
export const MOST_SHARED = 20

const HOUR_MS = 3_600_000
const LIVES = { hour: 1, day: 24, week: 168, month: 720, ever: null } as const
type Life = keyof typeof LIVES
const LIFE_LABELS: Record<Life, string> = {
  hour: 'An hour',
  day: 'A day',
  week: 'A week',
  month: '30 days',
  ever: 'Until it is revoked',
}

interface ShareDialogProps {
  /** Names of the assets by their ids. */
  names: ReadonlyMap<string, string>
  onClose: () => void
}

interface Link {
  id: string
  url: string
}

/** Makes links under which anybody sees the originals, for a while and so many times. */
export function ShareDialog({ names, onClose }: ShareDialogProps) {
  const { clients } = useServices()
  const [life, setLife] = useState<Life>('day')
  const [links, setLinks] = useState<Link[] | null>(null)
  const { action, onSubmit } = useSubmit(
    async form => {
      const hours = LIVES[life]
      const count = Number(textOf(form, 'count'))
      const body = {
        ...(hours !== null && { expiresAt: new Date(Date.now() + hours * HOUR_MS).toISOString() }),
        ...(count > 0 && { maxDownloads: count }),
      }
      const made: Link[] = []
      for (const id of names.keys()) {
        const { url } = await clients().patient.shares.create(id, body)
        if (url) made.push({ id, url })
      }
      setLinks(made)
    },
    () => undefined,
  )
  if (links) return <Links links={links} names={names} onClose={onClose} />
  return (
    <FormDialog
      title={`Share ${names.size === 1 ? '1 asset' : `${names.size} assets`}`}
      testId="share"
      submitLabel={names.size === 1 ? 'Create link' : 'Create links'}
      action={action}
      onSubmit={onSubmit}
      onClose={onClose}
    >
      <Select label="Works for" testId="share-life" value={life} choices={LIFE_LABELS} onChange={setLife} />
      <FormField
        label="Downloads at most"
        hint="empty is any number"
        name="count"
        type="number"
        inputMode="numeric"
        min={1}
        max={1_000_000}
      />
    </FormDialog>
  )
}

/** Shows links, this once: the service has only their hashes. */
const Links = ({ links, names, onClose }: ShareDialogProps & { links: Link[] }) => (
  <Dialog
    title={links.length === 1 ? 'The link' : 'The links'}
    testId="links"
    subtitle={<p className="text-sm text-muted">They are shown only now.</p>}
    onClose={onClose}
    isKept
  >
    {() => (
      <>
        <ul className="mt-4 grid max-h-80 gap-2 overflow-y-auto">
          {links.map(({ id, url }) => (
            <li key={id} className="flex items-center justify-between gap-2 rounded-xl bg-sunken pl-3">
              <div className="min-w-0 py-2">
                <p dir="auto" className="truncate text-sm font-medium">
                  {names.get(id)}
                </p>
                <p data-testid="share-url" className="truncate font-mono text-xs text-muted">
                  {url}
                </p>
              </div>
              <CopyButton text={url} label="Copy" detail={`the link to ${names.get(id)}`} />
            </li>
          ))}
        </ul>
        {links.length > 1 && (
          <div className="mt-3">
            <CopyButton text={links.map(({ url }) => url).join('\n')} label="Copy all" />
          </div>
        )}
      </>
    )}
  </Dialog>
)
