import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'

const Palette = lazy(() => import('./palette.tsx'))

interface PaletteControl {
  open: () => void
}

const PaletteContext = createContext<PaletteControl | null>(null)

export function usePalette(): PaletteControl {
  const palette = use(PaletteContext)
  if (!palette) throw new Error('There is no PaletteHost above this component.')
  return palette
}

/** Opens the command palette by Ctrl+K or ⌘K on every page; its code is loaded when it is first wanted. */
export function PaletteHost({ children }: { children: ReactNode }) {
  // Another number each time: one that is opened while the last one closes is not closed with it.
  const [openId, setOpenId] = useState<number | null>(null)
  const lastId = useRef(0)
  const open = useCallback(() => {
    lastId.current += 1
    setOpenId(lastId.current)
  }, [])
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      open()
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [open])
  const control = useMemo(() => ({ open }), [open])
  return (
    <PaletteContext value={control}>
      {children}
      {openId !== null && (
        <Suspense fallback={null}>
          <Palette key={openId} onClose={() => setOpenId(now => (now === openId ? null : now))} />
        </Suspense>
      )}
    </PaletteContext>
  )
}
