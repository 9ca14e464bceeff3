import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lint, type Manifest, notes, render } from './helm.ts'

// Renders the chart with Helm, and checks the result against the public schemas of Kubernetes, KEDA and the operator of Prometheus.

const CASES: [string, object][] = [
  ['the defaults', {}],
  [
    'everything',
    {
      image: { repository: 'registry.example.com/darkroom', tag: 'abc', pullPolicy: 'Always' },
      imagePullSecrets: ['registry'],
      env: { PUBLIC_URL: 'https://media.example.com', DATABASE_POOL_MAX: '5' },
      secrets: ['darkroom', 'darkroom-b2'],
      api: {
        replicas: 3,
        env: { CORS_ORIGINS: 'https://a.example' },
        secrets: ['b2-of-api'],
        nodeSelector: { disk: 'ssd' },
      },
      worker: { tolerations: [{ key: 'spot', operator: 'Exists' }], temp: { size: '100Gi', storageClass: 'fast' } },
      keda: { enabled: true },
      ingress: {
        enabled: true,
        className: 'nginx',
        host: 'media.example.com',
        tlsSecret: 'tls',
        annotations: { a: 'b' },
      },
      networkPolicy: {
        enabled: true,
        egress: [{ to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ port: 5432 }] }],
        apiFrom: [{ namespaceSelector: { matchLabels: { name: 'ingress' } } }],
        metricsFrom: [{ namespaceSelector: { matchLabels: { name: 'monitoring' } } }],
      },
      metrics: { enabled: true, labels: { release: 'prometheus' } },
    },
  ],
  [
    'one pool for all',
    {
      pools: {
        all: { queues: ['image', 'document', 'video', 'audio', 'import', 'system'] },
        image: null,
        video: null,
        audio: null,
        system: null,
      },
    },
  ],
  ['no migration', { migrate: { enabled: false } }],
]
const rendered = new Map(CASES.map(([title, values]) => [title, render(values)]))
const manifestsOf = (title: string): Manifest[] => rendered.get(title) ?? []
const everything = manifestsOf('everything')
const workloadsOf = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
const podOf = ({ spec }: Manifest) => spec.template.spec
const find = (manifests: Manifest[], kind: string, name: string) => {
  const found = manifests.find(manifest => manifest.kind === kind && manifest.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found
}
const variablesOf = (manifest: Manifest): Record<string, string> =>
  Object.fromEntries(
    podOf(manifest).containers[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  )

/** Where the packages have the models of a group of Kubernetes. */
const packageOf = (apiVersion: string): string => {
  if (apiVersion.startsWith('keda.sh/')) return `@kubernetes-models/keda/${apiVersion}`
  if (apiVersion.startsWith('monitoring.coreos.com/')) return `@kubernetes-models/prometheus-operator/${apiVersion}`
  return `kubernetes-models/${apiVersion}`
}

it.each(CASES)('Helm accepts the chart with %s', (_title, values) => {
  expect(lint(values)).toContain('0 chart(s) failed')
})

describe.each(CASES)('with %s', title => {
  it('every object is as the schema of its kind says', async () => {
    expect(manifestsOf(title).length).toBeGreaterThan(5)
    for (const manifest of manifestsOf(title)) {
      const models = await import(packageOf(manifest.apiVersion))
      expect(() => new models[manifest.kind](manifest).validate(), JSON.stringify(manifest, null, 2)).not.toThrow()
    }
  })

  it('selects the pods that it makes, and no name is too long or made twice', () => {
    const names = manifestsOf(title).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    expect(new Set(names).size).toBe(names.length)
    for (const manifest of manifestsOf(title)) {
      expect(manifest.metadata.name.length).toBeLessThanOrEqual(63)
      if (manifest.kind === 'Deployment')
        expect(manifest.spec.template.metadata.labels).toMatchObject(manifest.spec.selector.matchLabels)
    }
  })

  it('shuts every process in', () => {
    for (const workload of workloadsOf(manifestsOf(title))) {
      const pod = podOf(workload)
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      })
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
        expect(container.resources.limits.memory).toMatch(/i$/)
      }
    }
  })
})

it('an object with a value of another type is found', async () => {
  const models = await import(packageOf('apps/v1'))
  const wrong = structuredClone(find(everything, 'Deployment', 'darkroom-api'))
  wrong.spec.replicas = 'two'
  expect(() => new models.Deployment(wrong).validate()).toThrow(/replicas/)
})

it('no object has a field that its kind does not know', () => {
  expect(unknownFields([...rendered.values()].flat())).toBe('')
  const misspelt = structuredClone(find(everything, 'Deployment', 'darkroom-api'))
  podOf(misspelt).containers[0].readinesProbe = {}
  expect(unknownFields([misspelt])).toContain('readinesProbe')
}, 120_000)

describe('a worker', () => {
  const video = find(everything, 'Deployment', 'darkroom-worker-video')

  it('does not start without its full sandbox', () => {
    expect(variablesOf(video)).toMatchObject({ WORKER_SANDBOX: 'required', WORKER_QUEUES: 'video' })
  })

  it('is killed later than its runs are given back', () => {
    const graceSec = Number(variablesOf(video).WORKER_GRACE_SEC)
    expect(graceSec).toBe(1800)
    expect(podOf(video).terminationGracePeriodSeconds).toBe(graceSec + 20)
  })

  it('has its variables, and those for all processes', () => {
    expect(variablesOf(video)).toMatchObject({ PUBLIC_URL: 'https://media.example.com', DATABASE_POOL_MAX: '5' })
    expect(variablesOf(video)).not.toHaveProperty('CORS_ORIGINS')
    expect(podOf(video).containers[0].envFrom).toEqual([
      { secretRef: { name: 'darkroom' } },
      { secretRef: { name: 'darkroom-b2' } },
    ])
  })

  it('is counted by KEDA instead of by the chart', () => {
    expect(video.spec.replicas).toBeUndefined()
    expect(find(manifestsOf('the defaults'), 'Deployment', 'darkroom-worker-video').spec.replicas).toBe(1)
    const image = find(everything, 'ScaledObject', 'darkroom-worker-image').spec
    expect(image).toMatchObject({
      scaleTargetRef: { name: 'darkroom-worker-image' },
      minReplicaCount: 1,
      maxReplicaCount: 10,
    })
    expect(image.triggers[0].metadata.query).toContain("string_to_array('image,document', ',')")
    expect(find(everything, 'ScaledObject', 'darkroom-worker-video').spec.minReplicaCount).toBe(0)
  })
})

it('an API is killed later than its requests are finished, and has a key of B2 of its own', () => {
  const api = find(everything, 'Deployment', 'darkroom-api')
  expect(podOf(api).terminationGracePeriodSeconds).toBe(10 + 20 + 10)
  expect(podOf(api).containers[0].envFrom.at(-1)).toEqual({ secretRef: { name: 'b2-of-api' } })
})

it.each([
  ['the defaults', 'system'],
  ['one pool for all', 'all'],
] as const)('the notes with %s have a command for a worker that KEDA never scales away', (title, pool) => {
  const values = CASES.find(([name]) => name === title)?.[1]
  expect(notes(values)).toContain(`exec deploy/darkroom-worker-${pool} -- darkroom doctor`)
})

it('the alert rules are those of deploy/prometheus', () => {
  const { groups } = find(everything, 'PrometheusRule', 'darkroom').spec
  expect(groups[0].rules.length).toBeGreaterThan(10)
  expect(groups[0].rules[0].annotations.summary).toContain('{{ $labels.instance }}')
})

it.each([
  ['a queue that does not exist', { pools: { image: { queues: ['pictures'] } } }, /queues/],
  ['a secret among the variables', { env: { B2_APPLICATION_KEY: 'K004' } }, /env/],
])('refuses %s', (_title, values, message) => {
  expect(() => render(values)).toThrow(message)
})

/** Returns what the TypeScript compiler has against these objects: unlike the schemas, its types know no other fields. */
function unknownFields(manifests: Manifest[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-chart-'))
  try {
    symlinkSync(join(import.meta.dirname, 'node_modules'), join(folder, 'node_modules'))
    const lines = manifests.map(
      (manifest, n) =>
        `export const o${n}: import('${packageOf(manifest.apiVersion)}').I${manifest.kind} = ${JSON.stringify(manifest)}`,
    )
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'objects.ts'), lines.join('\n'))
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      '',
    ]
    const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc')
    execFileSync(tsc, [...options, 'objects.ts'], { cwd: folder, encoding: 'utf8' })
    return ''
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
