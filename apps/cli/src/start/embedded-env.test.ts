import { expect, it } from 'vitest'
import { withRunning } from './embedded-env.ts'

const RUNNING = { DATABASE_URL: 'postgres://here', B2_ENDPOINT: 'http://127.0.0.1:9000', B2_KEY_ID: 'localkey' }

it.each([
  ['nothing is set', {}, RUNNING],
  ['what is set is empty', { B2_KEY_ID: '' }, RUNNING],
  ['another database is set', { DATABASE_URL: 'postgres://there' }, { ...RUNNING, DATABASE_URL: 'postgres://there' }],
  ['another store is set', { B2_KEY_ID: '004' }, { DATABASE_URL: 'postgres://here', B2_KEY_ID: '004' }],
])('the variables of a running installation where %s', (_case, given, wanted) => {
  expect(withRunning(given, RUNNING)).toEqual(wanted)
})
