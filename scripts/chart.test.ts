import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { QUEUE_NAMES } from '../packages/contracts/src/jobs.ts'

// What can be told of the Helm chart without Helm. `npm run test:chart` renders it, and checks it against the schemas of Kubernetes.

const ROOT = join(import.meta.dirname, '..')
const CHART = join(ROOT, 'deploy/helm/darkroom')
const textOf = (name: string) => readFileSync(join(CHART, name), 'utf8')
const templates = readdirSync(join(CHART, 'templates')).map(name => textOf(`templates/${name}`))

interface WorkerValues {
  concurrency: number
  resources: { limits: { memory: string } }
  queues: string[]
}
interface Values {
  worker: WorkerValues
  pools: Record<string, Partial<WorkerValues>>
}
const values: Values = parse(textOf('values.yaml'))
const isValid = new Ajv({ strict: false }).compile(JSON.parse(textOf('values.schema.json')))

const documentedVariables = new Set(
  [...readFileSync(join(ROOT, 'docs/config.md'), 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \|/gm)].map(match => match[1]),
)

/** Names of variables with keys, passwords, or URLs that have a password. Ids of keys are no secrets. */
const SECRET = /SECRET|TOKEN|PASSWORD|_KEY$|IDENTITY|OTLP_HEADERS|^(DATABASE|REDIS)_URL$/

describe('the values', () => {
  it('are as their schema says', () => {
    isValid(values)
    expect(isValid.errors ?? []).toEqual([])
  })

  it.each([
    ['a secret in plain sight', { env: { DATABASE_URL: 'postgres://darkroom:secret@db/darkroom' } }],
    ['a weaker sandbox', { worker: { ...values.worker, env: { WORKER_SANDBOX: 'off' } } }],
    ['a queue that does not exist', { pools: { image: { queues: ['images'] } } }],
    ['a misspelt value', { imagee: { repository: 'darkroom' } }],
    ['a number where Kubernetes wants text', { env: { PRESIGN_TTL_SEC: 900 } }],
    ['an ingress without a host', { ingress: { enabled: true, host: '' } }],
    ['no Secret at all', { secrets: [] }],
  ])('are refused with %s', (_title, wrong) => {
    expect(isValid({ ...values, ...wrong })).toBe(false)
  })

  it('are refused with any secret as a variable', () => {
    const secrets = [...documentedVariables].filter(name => SECRET.test(name ?? '')).map(String)
    expect(secrets.length).toBeGreaterThan(5)
    // Variables of clients, which no pod reads.
    const inPods = secrets.filter(name => name !== 'DARKROOM_KEY')
    expect(inPods.filter(name => isValid({ ...values, env: { [name]: 'x' } }))).toEqual([])
  })

  it('have a pool for every queue', () => {
    expect(Object.values(values.pools).flatMap(({ queues }) => queues)).toEqual(
      expect.arrayContaining([...QUEUE_NAMES]),
    )
  })

  it.each(Object.entries(values.pools))('give the pool %s memory for all its media processes', (_name, pool) => {
    const { concurrency, resources } = { ...values.worker, ...pool }
    const mediaProcessMiB = Number(defaultOf('MAX_MEDIA_MEMORY_MB'))
    expect(mediaProcessMiB).toBeGreaterThan(0)
    const ownMiB = 512
    expect(resources.limits.memory).toBe(`${(concurrency + 1) * mediaProcessMiB + ownMiB}Mi`)
  })
})

describe('the templates', () => {
  it('set only variables that exist', () => {
    const set = templates.flatMap(text => [...text.matchAll(/\{ name: ([A-Z0-9_]+), value/g)].map(match => match[1]))
    expect(set).toContain('WORKER_QUEUES')
    expect(set.filter(name => !documentedVariables.has(name ?? ''))).toEqual([])
  })

  it('start only programs that exist', () => {
    const started = templates.flatMap(text =>
      [...text.matchAll(/args: \[node, ([\w./-]+)/g)].map(match => match[1] ?? ''),
    )
    expect(started.sort()).toEqual(['apps/api/src/main.ts', 'apps/cli/src/main.ts', 'apps/worker/src/main.ts'])
    for (const program of started) expect(() => realpathSync(join(ROOT, program))).not.toThrow()
  })

  it('shut the decoders in', () => {
    expect(textOf('templates/workers.yaml')).toContain('{ name: WORKER_SANDBOX, value: required }')
  })
})

it('has the version of Darkroom', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  expect(parse(textOf('Chart.yaml'))).toMatchObject({ version, appVersion: version })
})

it('has the alert rules that are tested', () => {
  expect(realpathSync(join(CHART, 'files/alerts.yml'))).toBe(realpathSync(join(ROOT, 'deploy/prometheus/alerts.yml')))
})

function defaultOf(variable: string): string | undefined {
  const config = readFileSync(join(ROOT, 'docs/config.md'), 'utf8')
  return new RegExp(`^\\| \`${variable}\` \\| \`([^\`]*)\` \\|`, 'm').exec(config)?.[1]
}
