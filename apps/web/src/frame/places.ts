import type { LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import type { Need } from '../session/key-access.ts'
import { GearIcon, HookIcon, KeyIcon, LibraryIcon, PulseIcon, SlidersIcon, UploadIcon } from '../ui/icons.tsx'

export interface Place {
  name: string
  to: NonNullable<LinkProps['to']>
  label: string
  Icon: ComponentType
  /** What the key has to be allowed to, for anything to be there. */
  needs: Need | null
  /** Has its own button in the bar of a phone; the others are in the menu beside it. */
  isInBar: boolean
}

/** Where one can go from every page, in the order of the rail. */
export const PLACES: readonly Place[] = [
  { name: 'upload', to: '/', label: 'Upload', Icon: UploadIcon, needs: 'upload', isInBar: true },
  { name: 'library', to: '/library', label: 'Library', Icon: LibraryIcon, needs: 'read', isInBar: true },
  { name: 'operations', to: '/operations', label: 'Operations', Icon: PulseIcon, needs: 'admin', isInBar: true },
  { name: 'presets', to: '/presets', label: 'Presets', Icon: SlidersIcon, needs: 'read', isInBar: false },
  { name: 'webhooks', to: '/webhooks', label: 'Webhooks', Icon: HookIcon, needs: 'read', isInBar: false },
  { name: 'projects', to: '/projects', label: 'Projects and keys', Icon: KeyIcon, needs: 'admin', isInBar: false },
  { name: 'settings', to: '/settings', label: 'Settings', Icon: GearIcon, needs: null, isInBar: false },
]
