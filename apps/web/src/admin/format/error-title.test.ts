import { ERRORS } from '@darkroom/contracts'
import { describe, expect, test } from 'vitest'
import { errorTitle } from './error-title.ts'

describe('a code in words is the title of the catalogue', () => {
  test.each(Object.entries(ERRORS))('%s', (code, { title }) => expect(errorTitle(code)).toBe(title))
})

test('a code that the page does not know is readable all the same', () => {
  expect(errorTitle('SOMETHING_NEW')).toBe('Something new')
})
