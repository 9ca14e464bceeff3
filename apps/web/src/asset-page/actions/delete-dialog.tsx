import type { Asset } from '@darkroom/contracts'
import { useNavigate } from '@tanstack/react-router'
import { useServices } from '../../hooks/use-services.ts'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { useNotice } from '../../ui/notice.tsx'

/** Asks before an asset is deleted, and leads back to the library. */
export function DeleteDialog({ asset: { id, filename, variants }, onClose }: { asset: Asset; onClose: () => void }) {
  const { engine } = useServices()
  const { say, fail } = useNotice()
  const navigate = useNavigate()

  async function remove(): Promise<void> {
    await engine.removeAsset(id)
    say(`Deleted ${filename}.`)
    await navigate({ to: '/library' })
  }
  return (
    <ConfirmDialog
      title={`Delete ${filename}?`}
      confirmLabel="Delete"
      isDangerous
      testId="delete-asset"
      onConfirm={() => void remove().catch(fail)}
      onClose={onClose}
    >
      The original and its {variants.length} variants are deleted. Their URLs stop working. This cannot be undone.
    </ConfirmDialog>
  )
}
