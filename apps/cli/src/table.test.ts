import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { table } from './table.ts'

const COLUMNS = [
  'ID',
  { title: 'QUEUE', drop: 1 },
  { title: 'ATTEMPT', drop: 2 },
  { title: 'CODE', clip: true as const },
  { title: 'FILE', clip: true as const, drop: 3 },
]
const ID = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'
const ROWS = [
  [ID, 'image', '1/8', 'STORE_UNAVAILABLE', 'a rather long name of a photo from the beach.jpg'],
  [ID, 'document', '8/8', '', '写真写真写真写真写真写真写真写真写真写真写真写真写真写真.jpg'],
]

describe('table', () => {
  it('is whole where there is no terminal', () => {
    const lines = table(COLUMNS, ROWS, {}).split('\n')
    expect(lines[0]).toMatch(/^ID +QUEUE +ATTEMPT +CODE +FILE$/)
    expect(lines[1]).toContain('a rather long name of a photo from the beach.jpg')
  })

  it.each([60, 72, 80, 100, 120, 200])('fits a terminal of %i columns, with whole ids', width => {
    const lines = table(COLUMNS, ROWS, { width }).split('\n')
    for (const line of lines.slice(0, 3)) expect(stringWidth(line)).toBeLessThanOrEqual(width)
    expect(lines[1]).toContain(ID)
  })

  it('says what it left out, and how to see it', () => {
    expect(table(COLUMNS, ROWS, { width: 80 }).split('\n').at(-1)).toBe(
      'Hidden columns: QUEUE. Widen the terminal, or use --json.',
    )
    expect(table(COLUMNS, ROWS, { width: 300 })).not.toContain('Hidden columns')
  })

  it('shortens free text, and says so', () => {
    const [, first = '', second = ''] = table(COLUMNS, ROWS, { width: 100 }).split('\n')
    expect(first).toMatch(/ a rather long.*…$/)
    expect(second).toMatch(/ 写真.*…$/)
  })

  it('lets no name of a stranger move the cursor', () => {
    expect(table(['FILE'], [['\u001b[2J\r\nevil\u009b1A']], {})).toBe('FILE\n�[2J��evil�1A')
  })
})
