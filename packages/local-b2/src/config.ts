import type { EventRule } from './events/event-sink.ts'
import type { LocalB2Options } from './options.ts'

type Environment = Record<string, string | undefined>

const parseList = (text: string): string[] =>
  text
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '')

function parseBuckets(text: string, faults: string[]): NonNullable<LocalB2Options['buckets']> {
  return parseList(text).map(item => {
    const [name = '', access = 'private'] = item.split(':')
    if (access !== 'private' && access !== 'public') {
      faults.push(`LOCAL_B2_BUCKETS: "${item}" must be <name>, <name>:private or <name>:public`)
    }
    return { name, access: access === 'public' ? 'public' : 'private' }
  })
}

function parsePort(text: string, faults: string[]): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) faults.push(`LOCAL_B2_PORT: "${text}" must be a port from 0 to 65535`)
  return port
}

function parseFlag(name: string, text: string | undefined, faults: string[]): boolean {
  if (text === undefined || text === '' || text === 'false') return false
  if (text !== 'true') faults.push(`${name}: "${text}" must be true or false`)
  return true
}

function parseRules(text: string | undefined, faults: string[]): EventRule[] {
  if (text === undefined || text === '') return []
  try {
    const rules: unknown = JSON.parse(text)
    if (Array.isArray(rules)) return rules as EventRule[]
  } catch (cause) {
    faults.push(`LOCAL_B2_EVENT_RULES: ${String(cause)}`)
    return []
  }
  faults.push('LOCAL_B2_EVENT_RULES: must be a JSON list of {name, bucket, prefix, eventTypes, url, secret}')
  return []
}

/** Reads the `LOCAL_B2_*` variables; throws one error that names everything wrong with them. */
export function readConfig(env: Environment): LocalB2Options {
  const faults: string[] = []
  const dataDir = env.LOCAL_B2_DATA_DIR ?? ''
  if (dataDir === '') faults.push('LOCAL_B2_DATA_DIR: must name the folder to store in')
  const options: LocalB2Options = {
    dataDir,
    host: env.LOCAL_B2_HOST ?? '127.0.0.1',
    port: parsePort(env.LOCAL_B2_PORT ?? '9000', faults),
    region: env.LOCAL_B2_REGION ?? 'local-000',
    keys: [
      {
        keyId: env.LOCAL_B2_KEY_ID ?? 'localkey',
        applicationKey: env.LOCAL_B2_APPLICATION_KEY ?? 'localsecret',
      },
    ],
    buckets: parseBuckets(env.LOCAL_B2_BUCKETS ?? '', faults),
    corsOrigins: parseList(env.LOCAL_B2_CORS_ORIGINS ?? ''),
    refuseChecksumHeaders: parseFlag('LOCAL_B2_REFUSE_CHECKSUM_HEADERS', env.LOCAL_B2_REFUSE_CHECKSUM_HEADERS, faults),
    eventRules: parseRules(env.LOCAL_B2_EVENT_RULES, faults),
  }
  if (faults.length > 0) throw new Error(`The configuration is invalid:\n${faults.join('\n')}`)
  return options
}
