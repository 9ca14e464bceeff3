import type { LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { GearIcon, HookIcon, KeyIcon, LibraryIcon, PulseIcon, SlidersIcon, UploadIcon } from '../ui/icons.tsx'

export interface Place {
  name: string
  to: NonNullable<LinkProps['to']>
  label: string
  Icon: ComponentType
  /** Has its own button in the bar of a phone; the others are in the menu beside it. */
  isInBar: boolean
}

/** Where one can go from every page, in the order of the rail. */
export const PLACES: readonly Place[] = [
  { name: 'upload', to: '/', label: 'Upload', Icon: UploadIcon, isInBar: true },
  { name: 'library', to: '/library', label: 'Library', Icon: LibraryIcon, isInBar: true },
  { name: 'operations', to: '/operations', label: 'Operations', Icon: PulseIcon, isInBar: true },
  { name: 'presets', to: '/presets', label: 'Presets', Icon: SlidersIcon, isInBar: false },
  { name: 'webhooks', to: '/webhooks', label: 'Webhooks', Icon: HookIcon, isInBar: false },
  { name: 'projects', to: '/projects', label: 'Projects and keys', Icon: KeyIcon, isInBar: false },
  { name: 'settings', to: '/settings', label: 'Settings', Icon: GearIcon, isInBar: false },
]
