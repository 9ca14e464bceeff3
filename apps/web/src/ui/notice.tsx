import { Toast } from '@base-ui/react/toast'
import { DarkroomError } from '@darkroom/sdk'
import { type ReactNode, useMemo } from 'react'
import { Button } from './button.tsx'
import { CloseIcon } from './icons.tsx'

const SHOWN_MS = 10_000
/** Plain news take the place of older ones; what can still be undone stays beside them. */
const NEWS_ID = 'news'

interface NoticeAction {
  label: string
  run: () => void
}

interface Notice {
  /** With an action, such as `Undo`, it is shown beside other news. */
  say: (text: string, action?: NoticeAction) => void
  fail: (error: unknown) => void
}

/** Tells what became of an action, where the eye finds it and a screen reader hears it. */
export function useNotice(): Notice {
  const { add, close } = Toast.useToastManager()
  return useMemo(
    () => ({
      say(text, action) {
        if (!action) return void add({ id: NEWS_ID, description: text, type: 'news', timeout: SHOWN_MS })
        const id = add({ description: text, actionProps: { children: action.label, onClick: act } })
        function act(): void {
          close(id)
          action?.run()
        }
      },
      fail: error => void add({ id: NEWS_ID, description: faultText(error), type: 'failure', timeout: 0 }),
    }),
    [add, close],
  )
}

/** Holds messages at the bottom of the window for ten seconds. A failure stays until it is closed. */
export const NoticeProvider = ({ children }: { children: ReactNode }) => (
  <Toast.Provider timeout={SHOWN_MS} limit={3}>
    {children}
    <Toast.Portal>
      <Toast.Viewport
        data-testid="notice"
        className="pointer-events-none fixed inset-x-0 bottom-4 z-50 grid gap-2 px-4 max-md:bottom-20"
      >
        <Messages />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
)

function Messages() {
  const { toasts } = Toast.useToastManager()
  return toasts.map(toast => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      swipeDirection={['down', 'right']}
      className="pointer-events-auto mx-auto flex w-fit max-w-xl items-center gap-2 rounded-2xl border border-line bg-surface py-1 pr-1 pl-4 text-ink shadow-card transition-opacity duration-150 data-ending-style:opacity-0 data-limited:hidden data-starting-style:opacity-0"
    >
      <Toast.Content className="flex items-center gap-2">
        <span
          className={`size-2 shrink-0 rounded-full ${toast.type === 'failure' ? 'bg-bad' : 'bg-good'}`}
          aria-hidden="true"
        />
        <Toast.Description className={`py-2 text-sm wrap-anywhere ${toast.type === 'failure' ? 'text-bad' : ''}`} />
        <Toast.Action render={<Button look="secondary" />} />
        <Toast.Close render={<Button look="icon" aria-label="Close the message" />}>
          <CloseIcon />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ))
}

const faultText = (error: unknown): string =>
  error instanceof DarkroomError ? `Failed: ${error.message}` : 'Something failed. See the browser console for details.'
