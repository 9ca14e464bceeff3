import type { IconFamily } from '@darkroom/contracts/media-types'

interface Glyph {
  color: string
  /** Path data in a box of 96 × 72: lines, and areas. */
  strokes?: string
  areas?: string
}

/** Lines of writing, the last one shorter. */
const WRITING = 'M10 6 L86 6 M10 26 L86 26 M10 46 L86 46 M10 66 L56 66'

/** What stands for each family, and its colour. */
export const GLYPHS: Record<IconFamily, Glyph> = {
  pdf: { color: '#dc2626', strokes: WRITING },
  document: { color: '#2563eb', strokes: WRITING },
  text: { color: '#475569', strokes: 'M10 6 L60 6 M10 26 L86 26 M10 46 L44 46 M10 66 L72 66' },
  sheet: {
    color: '#059669',
    strokes: 'M6 2 L90 2 L90 70 L6 70 Z M6 24 L90 24 M6 47 L90 47 M34 2 L34 70 M62 2 L62 70',
  },
  slides: {
    color: '#ea580c',
    strokes: 'M4 4 L92 4 L92 68 L4 68 Z',
    areas: 'M20 54 L32 54 L32 38 L20 38 Z M42 54 L54 54 L54 18 L42 18 Z M64 54 L76 54 L76 28 L64 28 Z',
  },
  archive: {
    color: '#ca8a04',
    areas:
      'M36 -8 L48 -8 L48 2 L36 2 Z M48 2 L60 2 L60 12 L48 12 Z M36 12 L48 12 L48 22 L36 22 Z M48 22 L60 22 L60 32 L48 32 Z M38 40 L58 40 L62 70 L34 70 Z',
  },
  code: { color: '#7c3aed', strokes: 'M28 12 L4 36 L28 60 M68 12 L92 36 L68 60 M56 4 L40 68' },
  image: {
    color: '#0891b2',
    strokes: 'M4 2 L92 2 L92 70 L4 70 Z',
    areas: 'M12 62 L36 30 L52 50 L64 38 L84 62 Z M62 20 Q62 14 68 14 Q74 14 74 20 Q74 26 68 26 Q62 26 62 20 Z',
  },
  video: { color: '#db2777', strokes: 'M4 4 L92 4 L92 68 L4 68 Z', areas: 'M38 20 L38 52 L66 36 Z' },
  sound: {
    color: '#4f46e5',
    strokes: 'M6 30 L6 42 M20 18 L20 54 M34 4 L34 68 M48 22 L48 50 M62 10 L62 62 M76 24 L76 48 M90 31 L90 41',
  },
}
