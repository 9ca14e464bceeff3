import type { Asset } from '@darkroom/contracts'
import { CropDialog, type Cropped } from '@darkroom/sdk/react/crop'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useServices } from '../../hooks/use-services.ts'
import { buttonClass } from '../../ui/button.tsx'
import { useNotice } from '../../ui/notice.tsx'
import { useAssetAction } from '../use-asset-action.ts'
import { croppableFile } from './croppable-file.ts'

interface DialogProps {
  asset: Asset
  onClose: () => void
}

/** Makes a new asset of a part of an image. */
export const CropToAsset = (props: DialogProps) => (
  <Crop {...props} preset={props.asset.preset.name} aspect={undefined} maxSide={undefined} />
)

const AVATAR_PX = 1024

/** Makes an avatar of a square of an image: a new asset in the sizes of the preset for it. */
export const MakeAvatar = (props: DialogProps) => <Crop {...props} preset="avatar" aspect={1} maxSide={AVATAR_PX} />

interface CropProps extends DialogProps {
  preset: string
  aspect: number | undefined
  maxSide: number | undefined
}

const CLASSES = {
  dialog: 'bg-surface text-ink shadow-card backdrop:bg-black/60',
  button: buttonClass('secondary'),
  primaryButton: buttonClass('primary'),
}

function Crop({ asset, preset, aspect, maxSide, onClose }: CropProps) {
  const { clients } = useServices()
  const { fail } = useNotice()
  const navigate = useNavigate()
  const { folder, tags, filename } = asset
  const { data: source, error } = useQuery({
    queryKey: ['croppable', asset.id, asset.sha256],
    queryFn: () => croppableFile(clients().patient, asset),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  useEffect(() => {
    if (!error) return
    fail(error)
    onClose()
  }, [error, fail, onClose])
  const upload = useAssetAction(
    asset.id,
    async (darkroom, { toFile }: Cropped) => darkroom.upload(await toFile(), { preset, folder, tags }),
    `Made a new asset of ${filename}.`,
    {
      onDone: ({ asset: { id } }) => void navigate({ to: '/assets/$assetId', params: { assetId: id } }),
    },
  )
  if (!source || upload.isPending) return null
  return (
    <CropDialog
      image={source}
      name={filename}
      aspect={aspect}
      maxSide={maxSide}
      classNames={CLASSES}
      onCrop={cropped => {
        upload.run(cropped, { onSettled: onClose })
      }}
      onCancel={onClose}
    />
  )
}
