import type { Asset } from '@darkroom/contracts'
import { lazy, Suspense, useState } from 'react'
import { useMay } from '../../session/use-may.ts'
import { Button } from '../../ui/button.tsx'
import { PenIcon } from '../../ui/icons.tsx'
import type { UploadItem } from '../upload-item.ts'

const DetailsDialog = lazy(() => import('./details-dialog.tsx'))

/** Opens the form for title, alt text, description, tags and folder, as soon as the service knows of the file. */
export function DetailsButton({ item, asset }: { item: UploadItem; asset: Asset | undefined }) {
  const [isOpen, setOpen] = useState(false)
  const mayWrite = useMay('write')
  const { assetId, name, options } = item
  if (!assetId || item.phase === 'failed' || item.phase === 'interrupted' || !mayWrite) return null
  return (
    <>
      <Button
        look="icon"
        data-testid="edit-details"
        aria-label={`Edit the details of ${name}`}
        title="Details"
        onClick={() => setOpen(true)}
      >
        <PenIcon />
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <DetailsDialog assetId={assetId} name={name} asset={asset} given={options} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
