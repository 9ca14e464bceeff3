import type { CSSProperties } from 'react'

/**
 * How the dialog looks unless classes say otherwise. In attributes that scripts set, so that it works under a strict
 * Content-Security-Policy; in colours of the system, so that it is light or dark as the page is.
 */
export const STYLES = {
  dialog: {
    boxSizing: 'border-box',
    width: 'min(100vw - 1rem, 44rem)',
    maxHeight: 'calc(100dvh - 1rem)',
    padding: 16,
    margin: 'auto',
    border: '1px solid GrayText',
    borderRadius: 16,
    background: 'Canvas',
    color: 'CanvasText',
    overflow: 'auto',
  },
  title: { margin: '0 0 12px', fontSize: '1.125rem', fontWeight: 600 },
  stage: {
    position: 'relative',
    height: 'min(55dvh, 28rem)',
    overflow: 'hidden',
    background: '#222',
    borderRadius: 8,
    touchAction: 'none',
    userSelect: 'none',
    cursor: 'grab',
  },
  image: { position: 'absolute', left: 0, top: 0, maxWidth: 'none', transformOrigin: '0 0', pointerEvents: 'none' },
  area: {
    position: 'absolute',
    boxSizing: 'border-box',
    border: '2px solid #fff',
    // The rest of the image is darker.
    boxShadow: '0 0 0 9999px rgb(0 0 0 / 0.6)',
    cursor: 'move',
    touchAction: 'none',
  },
  handle: {
    position: 'absolute',
    width: 44,
    height: 44,
    padding: 0,
    border: 0,
    background: 'transparent',
    display: 'grid',
    placeItems: 'center',
    touchAction: 'none',
  },
  knob: { width: 14, height: 14, borderRadius: 7, background: '#fff', border: '2px solid #222' },
  controls: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '4px 16px', padding: '8px 0' },
  control: { display: 'inline-flex', alignItems: 'center', gap: 8, minHeight: 44, fontSize: '0.875rem' },
  buttons: { display: 'flex', flexWrap: 'wrap', justifyContent: 'flex-end', gap: 8, marginTop: 8 },
  button: { minHeight: 44, minWidth: 44, padding: '0 20px', fontSize: '0.875rem' },
  group: { display: 'contents', border: 0, padding: 0, margin: 0 },
  hidden: { position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' },
} as const satisfies Record<string, CSSProperties>
