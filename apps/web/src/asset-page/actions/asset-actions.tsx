import type { Asset } from '@darkroom/contracts'
import { useState } from 'react'
import { kindOfAsset } from '../../assets/asset-kind.ts'
import { useServices } from '../../hooks/use-services.ts'
import { useMay } from '../../session/use-may.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { useNotice } from '../../ui/notice.tsx'
import { CropToAsset, MakeAvatar } from './crop-dialogs.tsx'
import { DeleteDialog } from './delete-dialog.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'
import { ReprocessDialog } from './reprocess-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { TakedownDialog } from './takedown-dialog.tsx'

const DIALOGS = {
  crop: CropToAsset,
  avatar: MakeAvatar,
  share: ShareDialog,
  reprocess: ReprocessDialog,
  replace: ReplaceDialog,
  takedown: TakedownDialog,
  delete: DeleteDialog,
}

type DialogName = keyof typeof DIALOGS

/** Shows what can be done with an asset by the key: share it, download it, make it again, replace it, take it down, delete it. */
export function AssetActions({ asset }: { asset: Asset }) {
  const { clients } = useServices()
  const { fail } = useNotice()
  const [open, setOpen] = useState<DialogName | null>(null)
  const [mayWrite, mayUpload, mayAdmin] = [useMay('write'), useMay('upload'), useMay('admin')]
  const Dialog = open && DIALOGS[open]

  function download(): void {
    // The store says that it is to be saved, so that the page stays.
    clients()
      .patient.assets.downloadUrl(asset.id)
      .then(url => window.location.assign(url), fail)
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      {mayWrite && (
        <Button look="secondary" data-testid="share" onClick={() => setOpen('share')}>
          Share
        </Button>
      )}
      <Menu
        align="end"
        trigger={
          <Button look="secondary" data-testid="asset-menu">
            More
          </Button>
        }
      >
        <MenuItem testId="download" disabled={asset.original === null} onSelect={download}>
          Download the original
        </MenuItem>
        {mayUpload && kindOfAsset(asset) === 'image' && (
          <>
            <MenuItem testId="crop" onSelect={() => setOpen('crop')}>
              Crop to a new asset…
            </MenuItem>
            <MenuItem testId="avatar" onSelect={() => setOpen('avatar')}>
              Make an avatar of it…
            </MenuItem>
          </>
        )}
        {mayWrite && (
          <MenuItem testId="reprocess" onSelect={() => setOpen('reprocess')}>
            Reprocess…
          </MenuItem>
        )}
        {mayWrite && mayUpload && (
          <MenuItem testId="replace" onSelect={() => setOpen('replace')}>
            Replace the file…
          </MenuItem>
        )}
        {(mayWrite || mayAdmin) && <MenuSeparator />}
        {mayAdmin && (
          <MenuItem testId="takedown" onSelect={() => setOpen('takedown')}>
            Take down…
          </MenuItem>
        )}
        {mayWrite && (
          <MenuItem testId="delete" onSelect={() => setOpen('delete')}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {Dialog && <Dialog asset={asset} onClose={() => setOpen(null)} />}
    </div>
  )
}
