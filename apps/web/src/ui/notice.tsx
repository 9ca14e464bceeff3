import { DarkroomError } from '@darkroom/sdk'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react'
import { Button } from './button.tsx'
import { CloseIcon } from './icons.tsx'

const SHOWN_MS = 10_000

interface Message {
  text: string
  isFailure: boolean
}

interface Notice {
  say: (text: string) => void
  fail: (error: unknown) => void
}

const NoticeContext = createContext<Notice | null>(null)

/** Tells what became of an action, where the eye finds it and a screen reader hears it. */
export function useNotice(): Notice {
  const notice = use(NoticeContext)
  if (!notice) throw new Error('There is no NoticeProvider above this component.')
  return notice
}

/** Holds the latest message at the bottom of the window for ten seconds. A failure stays until it is closed. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const [message, setMessage] = useState<Message | null>(null)
  const close = useCallback(() => setMessage(null), [])
  const notice = useMemo(
    () => ({
      say: (text: string) => setMessage({ text, isFailure: false }),
      fail: (error: unknown) => setMessage({ text: faultText(error), isFailure: true }),
    }),
    [],
  )
  useEffect(() => {
    if (!message || message.isFailure) return
    const timer = setTimeout(close, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [message, close])

  return (
    <NoticeContext value={notice}>
      {children}
      <div role="status" data-testid="notice" className="pointer-events-none fixed inset-x-0 bottom-4 z-30 px-4">
        {message && (
          <div className="pointer-events-auto mx-auto flex w-fit max-w-xl items-center gap-2 rounded-2xl border border-line bg-surface py-1 pr-1 pl-4 shadow-card">
            <span
              className={`size-2 shrink-0 rounded-full ${message.isFailure ? 'bg-bad' : 'bg-good'}`}
              aria-hidden="true"
            />
            <p className={`py-2 text-sm wrap-anywhere ${message.isFailure ? 'text-bad' : ''}`}>{message.text}</p>
            <Button look="icon" aria-label="Close the message" onClick={close}>
              <CloseIcon />
            </Button>
          </div>
        )}
      </div>
    </NoticeContext>
  )
}

const faultText = (error: unknown): string =>
  error instanceof DarkroomError ? `Failed: ${error.message}` : 'Something failed. See the browser console for details.'
