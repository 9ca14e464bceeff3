import { join } from 'node:path'
import { type Config, lintFromString, loadConfig } from '@redocly/openapi-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { useTestApi } from './use-test-api.ts'

const FOLDER = join(import.meta.dirname, '..')

const api = useTestApi()
let config: Config
let document: Record<string, unknown>
beforeAll(async () => {
  const app = await api.variant({ settings: { publicUrl: () => 'https://media.darkroom.test' } })
  document = (await app.inject('/openapi.json')).json()
  config = await loadConfig({ configPath: join(FOLDER, 'redocly.yaml') })
})

const problemsOf = async (given: unknown) =>
  (await lintFromString({ source: JSON.stringify(given), absoluteRef: join(FOLDER, 'openapi.json'), config })).map(
    ({ ruleId, message, location, ignored }) => ({ where: `${ruleId} ${location[0]?.pointer}`, message, ignored }),
  )

describe('the recommended rules of Redocly', () => {
  it('find nothing but what is named with its reason', async () => {
    const problems = await problemsOf(document)
    expect(problems.filter(({ ignored }) => !ignored)).toEqual([])
    const named = Object.values(config.ignore).flatMap(rules =>
      Object.entries(rules).flatMap(([rule, pointers]) => [...pointers].map(pointer => `${rule} ${pointer}`)),
    )
    const found = new Set(problems.map(({ where }) => where))
    expect(
      named.filter(where => !found.has(where)),
      'take these out of .redocly.lint-ignore.yaml: nothing is wrong there any more',
    ).toEqual([])
  })

  it('find what is wrong', async () => {
    const problems = await problemsOf({ ...document, tags: [{ name: 'Uploads' }], info: { title: 'x', version: '1' } })
    const rules = problems.filter(({ ignored }) => !ignored).map(({ where }) => where.split(' ')[0])
    expect(rules).toEqual(expect.arrayContaining(['tag-description', 'info-license']))
  })
})
