import type { ReactNode } from 'react'

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="shrink-0"
    >
      {children}
    </svg>
  )
}

export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 10.5 3.5 3.5 7.5-8" />
  </Icon>
)
export const ChevronIcon = () => (
  <Icon>
    <path d="m6 8 4 4 4-4" />
  </Icon>
)
export const CloseIcon = () => (
  <Icon>
    <path d="m5.5 5.5 9 9m0-9-9 9" />
  </Icon>
)
export const CopyIcon = () => (
  <Icon>
    <rect x="7.5" y="7.5" width="9" height="9" rx="2" />
    <path d="M12.5 4.8v-.3a1.5 1.5 0 0 0-1.5-1.5H5A1.5 1.5 0 0 0 3.5 4.5v6A1.5 1.5 0 0 0 5 12h.3" />
  </Icon>
)
export const OpenIcon = () => (
  <Icon>
    <path d="M11.5 3.5h5v5M16 4l-6.5 6.5M14.5 11.5V15a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V7A1.5 1.5 0 0 1 5 5.5h3.5" />
  </Icon>
)
export const ImageIcon = () => (
  <Icon>
    <rect x="3" y="3.5" width="14" height="13" rx="2.5" />
    <circle cx="7.3" cy="7.8" r="1.2" />
    <path d="m3.5 14 4-3.5 2.5 2 3-3 3.8 3.8" />
  </Icon>
)
export const VideoIcon = () => (
  <Icon>
    <rect x="2.5" y="4.5" width="15" height="11" rx="2.5" />
    <path d="m8.5 7.8 3.8 2.2-3.8 2.2z" />
  </Icon>
)
export const AudioIcon = () => (
  <Icon>
    <path d="M3 8.5v3M6.5 5.5v9M10 3v14M13.5 6.5v7M17 8.5v3" />
  </Icon>
)
export const PageIcon = () => (
  <Icon>
    <path d="M11.5 2.5H6A1.5 1.5 0 0 0 4.5 4v12A1.5 1.5 0 0 0 6 17.5h8a1.5 1.5 0 0 0 1.5-1.5V6.5zM11.5 2.5v4h4M7.5 10.5h5M7.5 13.5h5" />
  </Icon>
)
export const WarningIcon = () => (
  <Icon>
    <path d="M10 3.2 17.5 16h-15zM10 8v4M10 13.8v.2" />
  </Icon>
)
export const TrashIcon = () => (
  <Icon>
    <path d="M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5.5 5.5l.6 9.6A1.5 1.5 0 0 0 7.6 16.5h4.8a1.5 1.5 0 0 0 1.5-1.4l.6-9.6" />
  </Icon>
)
export const UploadIcon = () => (
  <Icon>
    <path d="M10 13V3.5m-4 4 4-4 4 4M3.5 12.5V15A1.5 1.5 0 0 0 5 16.5h10a1.5 1.5 0 0 0 1.5-1.5v-2.5" />
  </Icon>
)
export const LibraryIcon = () => (
  <Icon>
    <rect x="3" y="3" width="6" height="6" rx="1.5" />
    <rect x="11" y="3" width="6" height="6" rx="1.5" />
    <rect x="3" y="11" width="6" height="6" rx="1.5" />
    <rect x="11" y="11" width="6" height="6" rx="1.5" />
  </Icon>
)
export const PulseIcon = () => (
  <Icon>
    <path d="M2.5 10.5H6l2.5-6 3.5 11 2.3-5h3.2" />
  </Icon>
)
export const SlidersIcon = () => (
  <Icon>
    <path d="M3 6h7m4 0h3M3 14h3m4 0h7" />
    <circle cx="12" cy="6" r="2" />
    <circle cx="8" cy="14" r="2" />
  </Icon>
)
export const HookIcon = () => (
  <Icon>
    <circle cx="5" cy="14.5" r="2.2" />
    <circle cx="15" cy="14.5" r="2.2" />
    <circle cx="10" cy="5.2" r="2.2" />
    <path d="M11.2 7.2 13.8 12.5M8.8 7.2 6.2 12.5M7.2 14.5h5.6" />
  </Icon>
)
export const KeyIcon = () => (
  <Icon>
    <circle cx="7" cy="13" r="3.5" />
    <path d="m9.5 10.5 6.5-6.5m-3 3 2 2m-4.2 0 1.5 1.5" />
  </Icon>
)
export const GearIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="2.6" />
    <path d="M10 2.5v2.2m0 10.6v2.2M2.5 10h2.2m10.6 0h2.2M4.7 4.7l1.6 1.6m7.4 7.4 1.6 1.6m0-10.6-1.6 1.6m-7.4 7.4-1.6 1.6" />
  </Icon>
)
export const MoreIcon = () => (
  <Icon>
    <path d="M4.5 10h.01M10 10h.01M15.5 10h.01" strokeWidth="2.6" />
  </Icon>
)
export const BookIcon = () => (
  <Icon>
    <path d="M4 4.5A1.5 1.5 0 0 1 5.5 3H16v11.5H5.5A1.5 1.5 0 0 0 4 16zm0 11.5a1.5 1.5 0 0 0 1.5 1.5H16v-3" />
  </Icon>
)
export const ThemeIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="7" />
    <path d="M10 3a7 7 0 0 1 0 14z" fill="currentColor" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon>
    <circle cx="9" cy="9" r="5.5" />
    <path d="m13.2 13.2 3.8 3.8" />
  </Icon>
)
export const PauseIcon = () => (
  <Icon>
    <path d="M7 4.5v11M13 4.5v11" />
  </Icon>
)
export const PlayIcon = () => (
  <Icon>
    <path d="m6.5 4.5 9 5.5-9 5.5z" />
  </Icon>
)
export const PenIcon = () => (
  <Icon>
    <path d="m4 16 .8-3.4L13.5 4a1.6 1.6 0 0 1 2.3 0l.2.2a1.6 1.6 0 0 1 0 2.3L7.4 15.2z" />
  </Icon>
)
export const CameraIcon = () => (
  <Icon>
    <path d="M3 7a1.5 1.5 0 0 1 1.5-1.5h2L8 3.5h4l1.5 2h2A1.5 1.5 0 0 1 17 7v7.5a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5z" />
    <circle cx="10" cy="10.5" r="3" />
  </Icon>
)
