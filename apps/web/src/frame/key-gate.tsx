import { useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApiKey } from '../hooks/use-api-key.ts'
import { useServices } from '../hooks/use-services.ts'
import { KeyForm } from '../session/key-form.tsx'
import { usePage } from './page-context.ts'

/** Pages that are shown without a key: what is dropped waits for it, and colours need none. */
const OPEN_PAGES = ['/', '/settings']

/** Asks for a key where one is needed, above or in place of the page. */
export function KeyGate({ children }: { children: ReactNode }) {
  const { keys } = useServices()
  const { status, underWay } = usePage()
  const { key, refused } = useApiKey()
  const isOpen = useLocation({ select: ({ pathname }) => OPEN_PAGES.includes(pathname) })
  if (status?.mode !== 'configured' || key !== null) return children
  return (
    <>
      <KeyForm refused={refused} waitingCount={underWay} onEnter={keys.enter} />
      {isOpen && children}
    </>
  )
}
