import type { Asset } from '@darkroom/contracts'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { FormDialog } from '../../ui/form-dialog.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { replaceAsset } from './replace-asset.ts'

/** Puts another file in the place of an asset: with its texts, tags, folder and id of yours, at URLs of its own. */
export function ReplaceDialog({ asset, onClose }: { asset: Asset; onClose: () => void }) {
  const { assets: store } = useServices()
  const navigate = useNavigate()
  const [sent, setSent] = useState<number | null>(null)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])
  const replace = useAssetAction(
    asset.id,
    (darkroom, { file, deletesFormer }: { file: File; deletesFormer: boolean }) =>
      replaceAsset(darkroom, asset, file, { deletesFormer, onProgress: setSent, signal: stop.current.signal }),
    `Replaced ${asset.filename}.`,
    {
      failsInPlace: true,
      onDone: id => {
        if (deletes.current) store.remove([asset.id])
        void navigate({ to: '/assets/$assetId', params: { assetId: id } })
      },
    },
  )
  const deletes = useRef(true)

  function submit(form: FormData): void {
    const file = form.get('file')
    deletes.current = form.get('deletesFormer') === 'on'
    if (file instanceof File && file.size > 0) replace.run({ file, deletesFormer: deletes.current })
  }
  return (
    <FormDialog
      title={`Replace ${asset.filename}`}
      testId="replace-dialog"
      submitLabel={replace.isPending ? 'Replacing…' : 'Replace'}
      action={replace}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        The new file becomes an asset with the same title, texts, tags, folder, metadata and your own id. It gets its
        own id and URLs, because caches keep what is at a URL for a year.
      </p>
      <label className="grid gap-1 text-sm font-medium">
        File
        <input
          type="file"
          name="file"
          required
          data-testid="replace-file"
          className="min-h-11 rounded-xl border border-edge bg-paper p-2 text-sm font-normal"
        />
      </label>
      <label className="flex min-h-11 items-center gap-3 text-sm">
        <input type="checkbox" name="deletesFormer" defaultChecked className="size-5 accent-accent" />
        Delete the former asset when the new one is ready
      </label>
      {replace.isPending && (
        <p role="status" className="text-sm text-muted">
          {sent === null || sent < 1 ? `Sending, ${Math.round((sent ?? 0) * 100)} %` : 'Processing…'}
        </p>
      )}
    </FormDialog>
  )
}
