import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onePage } from '@darkroom/testing/media-files'
import type { MadeFile } from './made-file.ts'

const CONTENT = [
  'q 0.8 0.2 0.2 rg 20 20 60 60 re f 0.1 0.4 0.8 RG 4 w 100 20 m 180 90 l S Q',
  'BT /F1 18 Tf 20 110 Td (Every page as it is) Tj ET',
  'q 0.2 0.6 0.3 rg 200 20 m 260 120 320 -20 380 100 c 380 20 l f Q',
].join(' ')

const page = (title: string, more: string, isInTests = false): MadeFile => ({
  title,
  declaredType: 'application/pdf',
  isInTests,
  make: async folder => {
    const file = join(folder, 'a.pdf')
    await writeFile(file, onePage({ mediaBox: '0 0 400 140', content: CONTENT, page: more }))
    return file
  },
})

export const DOCUMENTS: MadeFile[] = [
  page('PDF, words and shapes', '', true),
  ...[90, 180, 270].map(degrees => page(`PDF, page turned by ${degrees}°`, `/Rotate ${degrees}`)),
  page('PDF, a part of its page', '/CropBox[10 10 300 130]'),
]
