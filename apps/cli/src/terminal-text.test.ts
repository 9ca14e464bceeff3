import { describe, expect, it } from 'vitest'
import { printable, printableLines, toJson } from './terminal-text.ts'

// Clears the screen in two ways, sets the title of the window, and reverses what follows.
const HOSTILE = '\u001b[2J\u009b2J\u001b]0;title\u0007\u202egpj.exe'

describe('text for a terminal', () => {
  it('has no code of a name that somebody else chose', () => {
    expect(printable(`${HOSTILE}\n\t`)).not.toMatch(/[\p{Cc}\u202e]/u)
  })

  it('keeps lines and bold headings', () => {
    expect(printableLines('\u001b[1mNAME\u001b[22m\nbeach.jpg')).toBe('\u001b[1mNAME\u001b[22m\nbeach.jpg')
    expect(printableLines(`a\n${HOSTILE}`)).toMatch(/^a\n[^\p{Cc}]+$/u)
  })

  it('is JSON with the whole value, and no code either', () => {
    const text = toJson({ name: HOSTILE })
    expect(text).not.toMatch(/[\p{Cc}\u202e]/u)
    expect(JSON.parse(text)).toEqual({ name: HOSTILE })
  })
})
