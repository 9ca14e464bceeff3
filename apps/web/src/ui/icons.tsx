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
