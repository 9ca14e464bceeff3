import type { Asset, MediaKind } from '@darkroom/contracts'
import type { ReactNode } from 'react'
import { kindOfAsset } from '../../assets/asset-kind.ts'
import { AudioViewer } from './audio-viewer.tsx'
import { DocumentViewer } from './document-viewer.tsx'
import { ImageViewer } from './image-viewer.tsx'
import { VideoViewer } from './video-viewer.tsx'

interface AssetViewerProps {
  asset: Asset
  /** Name of the variant that is looked at, of an image. */
  variantName: string | null
}

const VIEWERS: Record<MediaKind, (props: AssetViewerProps) => ReactNode> = {
  image: props => <ImageViewer {...props} />,
  video: ({ asset }) => <VideoViewer asset={asset} />,
  audio: ({ asset }) => <AudioViewer asset={asset} />,
  document: ({ asset }) => <DocumentViewer asset={asset} />,
}

/** Shows an asset to look at, play, listen to or read, by its kind. */
export const AssetViewer = (props: AssetViewerProps) => VIEWERS[kindOfAsset(props.asset) ?? 'image'](props)
