import { DarkroomError } from '@darkroom/sdk'
import { expect, test } from 'vitest'
import { refreshAfter } from './refresh.ts'

const error = (status: number | null) => new DarkroomError({ code: 'INTERNAL', message: 'x', status })

test.each<[string, DarkroomError | null, number | false, number | false]>([
  ['in time after an answer', null, 4000, 4000],
  ['later when nothing answers', error(null), 4000, 8000],
  ['later when the server has trouble', error(503), 4000, 8000],
  ['no sooner than it would without trouble', error(503), 30_000, 30_000],
  ['never what never changes, not even after an error', error(503), false, false],
  ['never when the key may not', error(403), 4000, false],
  ['never when it is not there', error(404), 4000, false],
])('asks again %s', (_, fault, everyMs, expected) => expect(refreshAfter(fault, everyMs)).toBe(expected))
