import type { Condition } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../facts.ts'
import { isMet } from './condition.ts'

// Of the facts only what conditions ask for.
const image = { kind: 'image', width: 100, height: 50, animated: true, durationMs: 2000, hasAlpha: true } as Facts
const document = { kind: 'document', width: 612, height: 792, animated: null, pageCount: 3 } as Facts
const audio = { kind: 'audio', width: null, height: null, animated: null, durationMs: 60_000 } as Facts
const video = { kind: 'video', width: 1280, height: 720, animated: true, durationMs: 60_000, hasAudio: false } as Facts

describe('a condition', () => {
  it.each<[string, Condition, Facts, boolean]>([
    ['nothing, of anything', {}, image, true],
    ['a width that is reached', { minWidth: 100 }, image, true],
    ['a width that is not', { minWidth: 101 }, image, false],
    ['a width, of what has none', { minWidth: 1 }, audio, false],
    ['a height that is reached', { minHeight: 50 }, image, true],
    ['a height that is not', { minHeight: 51 }, image, false],
    ['a duration that is reached', { minDurationSec: 60 }, video, true],
    ['a duration that is not', { minDurationSec: 60.1 }, video, false],
    ['at most a duration, of a shorter one', { maxDurationSec: 60 }, audio, true],
    ['at most a duration, of a longer one', { maxDurationSec: 59 }, audio, false],
    ['pages that are there', { minPages: 3 }, document, true],
    ['pages that are not', { minPages: 4 }, document, false],
    ['two pages, of what has none', { minPages: 2 }, video, false],
    ['movement, of an animation', { animated: true }, image, true],
    ['movement, of a document', { animated: true }, document, false],
    ['no movement, of a document', { animated: false }, document, true],
    ['transparency, of an image that has it', { hasAlpha: true }, image, true],
    ['transparency, of a video', { hasAlpha: true }, video, false],
    ['audio, of an audio file', { hasAudio: true }, audio, true],
    ['audio, of a silent video', { hasAudio: true }, video, false],
    ['no audio, of an image', { hasAudio: false }, image, true],
    ['two things that hold', { minWidth: 100, animated: true }, image, true],
    ['two things of which one holds', { minWidth: 100, animated: false }, image, false],
  ])('asks for %s', (_what, condition, facts, expected) => {
    expect(isMet(condition, facts)).toBe(expected)
  })

  it('that is left out always holds', () => {
    expect(isMet(undefined, audio)).toBe(true)
  })
})
