import type { Asset } from '@darkroom/contracts'
import { useNavigate } from '@tanstack/react-router'
import { useServices } from '../../hooks/use-services.ts'
import { FormDialog, textOf } from '../../ui/form-dialog.tsx'
import { FormField } from '../../ui/form-field.tsx'
import { useAssetAction } from '../use-asset-action.ts'

/** Asks why an asset is taken down: it is deleted at once, and the same file is refused from then on. */
export function TakedownDialog({ asset: { id, filename }, onClose }: { asset: Asset; onClose: () => void }) {
  const { assets: store } = useServices()
  const navigate = useNavigate()
  const takeDown = useAssetAction(
    id,
    (darkroom, reason: string) => darkroom.assets.takeDown(id, { reason }),
    `Took ${filename} down.`,
    {
      failsInPlace: true,
      onDone: () => {
        store.remove([id])
        void navigate({ to: '/library' })
      },
    },
  )
  return (
    <FormDialog
      title={`Take ${filename} down?`}
      testId="takedown-dialog"
      submitLabel="Take down"
      action={takeDown}
      onSubmit={form => takeDown.run(textOf(form, 'reason'))}
      onClose={onClose}
    >
      <p className="text-sm text-muted text-pretty">
        The asset is deleted at once, with all its files. From then on Darkroom refuses the same file in this project.
        An operator can lift this later.
      </p>
      <FormField label="Reason" hint="never shown to clients" name="reason" required maxLength={1000} data-autofocus />
    </FormDialog>
  )
}
