import type { ServiceStatus } from '@darkroom/contracts'
import { createContext, use } from 'react'
import type { FileDrop } from '../hooks/use-file-drop.ts'
import type { Row } from '../hooks/use-rows.ts'

/** What the frame knows and pages need. */
export interface PageState {
  /** Null until the service has answered. */
  status: ServiceStatus | null
  /** The files of this session. */
  rows: Row[]
  /** How many files are on their way; with the key, that ends. */
  underWay: number
  drop: FileDrop
  /** Files that wait until the service has said what it takes. */
  earlyCount: number
  addFiles: (files: File[]) => void
  /** Given where there is a key that can be forgotten. */
  forgetKey: (() => void) | null
}

export const PageContext = createContext<PageState | null>(null)

export function usePage(): PageState {
  const page = use(PageContext)
  if (!page) throw new Error('There is no PageContext above this component.')
  return page
}
