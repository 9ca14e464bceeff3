import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ERRORS, errorAnchor } from '../../packages/contracts/src/index.ts'
import { assertErrorAnchors } from './error-anchors.ts'
import { githubAnchor } from './links.ts'

it('every code is a heading of the page of errors, whose anchor the type of a problem names', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
  const anchors = [...page.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => githubAnchor(heading))
  expect(anchors).toEqual(Object.keys(ERRORS).map(errorAnchor))
})

it('a built page without the section of a code is refused', () => {
  const html = Object.keys(ERRORS).map(code => `<h2 id="${errorAnchor(code)}">`)
  expect(() => assertErrorAnchors(html.join(''))).not.toThrow()
  expect(() => assertErrorAnchors(html.join('').replace('"not_found"', '"not-found"'))).toThrow(
    'no anchor of NOT_FOUND',
  )
})
