import type { MediaKind } from '@darkroom/contracts'
import type { ComponentType } from 'react'
import { AudioIcon, ImageIcon, PageIcon, VideoIcon } from '../ui/icons.tsx'

const ICONS: Record<MediaKind, ComponentType> = {
  image: ImageIcon,
  video: VideoIcon,
  audio: AudioIcon,
  document: PageIcon,
}

/** Stands for a file while there is no image of it. */
export function KindIcon({ kind }: { kind: MediaKind | null }) {
  const Icon = kind ? ICONS[kind] : PageIcon
  return <Icon />
}
