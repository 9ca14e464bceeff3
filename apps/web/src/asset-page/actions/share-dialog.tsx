import type { Asset, Share } from '@darkroom/contracts'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { dateTime } from '../../admin/format/human-time.ts'
import { closed } from '../../api/closed.ts'
import { useServices } from '../../hooks/use-services.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { Select } from '../../ui/select.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { EXPIRIES, type Expiry, expiresAt } from './share-choices.ts'

const EXPIRY_LABELS = Object.fromEntries(Object.entries(EXPIRIES).map(([name, { label }]) => [name, label])) as Record<
  Expiry,
  string
>
/** No variant has this name: names begin with a letter or a digit. */
const ORIGINAL = '-'

/** Makes a link to one file that works for a while, and lists those that there are. */
export function ShareDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const [expiry, setExpiry] = useState<Expiry>('day')
  const [file, setFile] = useState(ORIGINAL)
  const [url, setUrl] = useState<string | null>(null)
  const queryClient = useQueryClient()
  const sharesKey = ['shares', asset.id]
  const create = useAssetAction(
    asset.id,
    (darkroom, maxDownloads: number | undefined) => {
      const end = expiresAt(expiry, Date.now())
      return darkroom.shares.create(asset.id, {
        ...(file !== ORIGINAL && { variant: file }),
        ...(end !== undefined && { expiresAt: end }),
        ...(maxDownloads !== undefined && { maxDownloads }),
      })
    },
    'The link is ready.',
    {
      failsInPlace: true,
      onDone: share => {
        setUrl(share.url)
        void queryClient.invalidateQueries({ queryKey: sharesKey })
      },
    },
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const most = Number(textOf(new FormData(event.currentTarget), 'maxDownloads'))
    create.run(most > 0 ? most : undefined)
  }
  const ready = asset.variants.filter(({ status }) => status === 'ready').map(({ name }) => [name, name])
  return (
    <Dialog title={`Share ${asset.filename}`} testId="share-dialog" onClose={onClose} isKept>
      {() => (
        <>
          <form onSubmit={submit} className="mt-3 grid gap-4">
            <Select
              label="File"
              value={file}
              choices={{ [ORIGINAL]: 'Original', ...Object.fromEntries(ready) }}
              testId="share-file"
              onChange={setFile}
            />
            <Select
              label="The link works for"
              value={expiry}
              choices={EXPIRY_LABELS}
              testId="share-expiry"
              onChange={setExpiry}
            />
            <FormField
              label="Downloads at most"
              hint="empty for any number"
              name="maxDownloads"
              type="number"
              min={1}
              max={1_000_000}
            />
            {create.error && (
              <p role="alert" className="rounded-xl bg-bad-soft px-4 py-3 text-sm wrap-anywhere">
                {create.error.message}
              </p>
            )}
            <div>
              <Button look="primary" type="submit" disabled={create.isPending} data-testid="create-share">
                Create the link
              </Button>
            </div>
          </form>
          {url && (
            <div className="mt-4 rounded-xl border border-edge bg-paper px-4 py-2">
              <p data-testid="share-url" className="font-mono text-sm select-all wrap-anywhere">
                {url}
              </p>
              <div className="-mx-3 flex flex-wrap items-center gap-x-3">
                <CopyButton text={url} label="Copy link" testId="copy-share" />
                <span className="text-sm text-muted">It is shown only once.</span>
              </div>
            </div>
          )}
          <Shares assetId={asset.id} queryKey={sharesKey} />
        </>
      )}
    </Dialog>
  )
}

function Shares({ assetId, queryKey }: { assetId: string; queryKey: string[] }) {
  const { clients } = useServices()
  const queryClient = useQueryClient()
  const { data } = useQuery({
    queryKey,
    queryFn: () => closed<{ items: Share[] }>(clients().quick.shares.list(assetId)),
  })
  const revoke = useAssetAction(
    assetId,
    (darkroom, shareId: string) => darkroom.shares.revoke(assetId, shareId),
    'The link does not work any more.',
    { onDone: () => void queryClient.invalidateQueries({ queryKey }) },
  )
  const now = Date.now()
  const working = data?.items.filter(({ revokedAt, expiresAt: end }) => !revokedAt && (!end || Date.parse(end) > now))
  if (!working || working.length === 0) return null
  return (
    <div className="mt-5 border-t border-line pt-3">
      <h3 className="text-sm font-medium">Links that work</h3>
      <ul className="divide-y divide-line">
        {working.map(share => (
          <li key={share.id} data-testid="share-item" className="flex flex-wrap items-center gap-x-3 py-1 text-sm">
            <span className="min-w-0 flex-1">{shareText(share)}</span>
            <Button
              look="quiet"
              data-testid="revoke-share"
              aria-label={`Revoke the link: ${shareText(share)}`}
              disabled={revoke.isPending}
              onClick={() => revoke.run(share.id)}
            >
              Revoke
            </Button>
          </li>
        ))}
      </ul>
    </div>
  )
}

function shareText({ variant, expiresAt: end, downloads, maxDownloads }: Share): string {
  const used = maxDownloads === null ? `${downloads} downloads` : `${downloads} of ${maxDownloads} downloads`
  return [variant ?? 'Original', end ? `until ${dateTime(end)}` : 'until revoked', used].join(' · ')
}
