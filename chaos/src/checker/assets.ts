import { Asset, Preset } from '@darkroom/contracts'
import sharp from 'sharp'
import type { Client } from '../client/client.ts'
import type { Entry, Tenant } from '../client/expected-state.ts'
import { sha256Of } from '../client/photo.ts'
import type { Violation, ViolationKind } from './violation.ts'

export interface Expectations {
  /** Codes with which an acknowledged asset may have failed. */
  allowedCodes: ReadonlySet<string>
  /** Whether unconfirmed bytes must survive as well, because the sweeper or an event finds them. */
  expectsUnconfirmed: boolean
}

/** Who asks, for each project. */
type Clients = Record<Tenant, Client>

const AT_ONCE = 4

/** Names that the preset of an asset declares for a photo. */
type Declared = (client: Client, entry: Entry, asset: Asset) => Promise<string[]>

/** Checks I1, I2, I6 and I9 as a client sees them: over HTTP and through the store. */
export async function checkAssets(
  clients: Clients,
  entries: Entry[],
  expectations: Expectations,
): Promise<Violation[]> {
  const found: Violation[] = []
  const waiting = [...entries]
  const declared = createDeclared()
  const checkNext = async (): Promise<void> => {
    for (let entry = waiting.pop(); entry; entry = waiting.pop())
      found.push(...(await checkEntry(clients[entry.tenant], entry, expectations, declared)))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, checkNext))
  return found
}

/** Asks for each version of a preset once. An animation that may be missing is not listed of a still image. */
function createDeclared(): Declared {
  const known = new Map<string, Promise<string[]>>()
  const read = async ({ caller }: Client, path: string) => {
    const { definition } = Preset.parse((await caller.call('GET', path)).body)
    const variants = definition.image?.variants ?? []
    return variants.filter(one => one.type !== 'animation' || one.required).map(({ name }) => name)
  }
  return (client, { tenant }, { preset }) => {
    const key = `${tenant} ${preset.name}@${preset.version}`
    const names = known.get(key) ?? read(client, `/v1/presets/${preset.name}/${preset.version}`)
    known.set(key, names)
    return names
  }
}

async function checkEntry(
  client: Client,
  entry: Entry,
  expectations: Expectations,
  declared: Declared,
): Promise<Violation[]> {
  const { guarantee, assetId } = entry
  if (
    guarantee === 'created' ||
    guarantee === 'deleting' ||
    (guarantee === 'stored' && !expectations.expectsUnconfirmed)
  )
    return []
  const { status, body } = await client.read(assetId)
  const violation = (kind: ViolationKind, detail: string): Violation[] => [
    { kind, subject: `asset ${assetId}`, detail },
  ]
  if (guarantee === 'deleted')
    return status === 410 || status === 404 ? [] : violation('resurrected', `GET answers ${status}`)
  const asset = status === 200 ? Asset.safeParse(body).data : undefined
  if (!asset)
    return violation('lost', `acknowledged as ${guarantee}, and GET answers ${status}: ${JSON.stringify(body)}`)
  switch (asset.status) {
    case 'ready':
      return [
        ...(await checkOriginal(client, asset, entry)),
        ...(await checkVariants(asset, await declared(client, entry, asset))),
      ]
    case 'failed':
      return checkFailure(asset, expectations, violation)
    case 'partial':
      return violation('incomplete', `partial: ${asset.variants.flatMap(one => one.error?.code ?? []).join(', ')}`)
    case 'processing':
    case 'awaiting_upload':
      return violation('stuck', `is ${asset.status}: ${JSON.stringify(asset.job)}`)
    default:
      return violation('lost', `is ${asset.status}`)
  }
}

function checkFailure(
  { error }: Asset,
  { allowedCodes }: Expectations,
  violation: (kind: ViolationKind, detail: string) => Violation[],
): Violation[] {
  if (!error || error.code === 'INTERNAL') return violation('unclear-error', `failed with ${error?.code ?? 'no error'}`)
  return allowedCodes.has(error.code) ? [] : violation('lost', `failed with ${error.code}: ${error.message}`)
}

async function checkOriginal({ caller }: Client, asset: Asset, entry: Entry): Promise<Violation[]> {
  const subject = `original of ${asset.id}`
  if (asset.sha256 !== entry.sha256)
    return [{ kind: 'lost', subject, detail: `recorded sha256 is ${asset.sha256}, sent was ${entry.sha256}` }]
  const { status, headers } = await caller.call('GET', `/v1/assets/${asset.id}/download`)
  const location = headers.get('location')
  if (status !== 302 || !location) return [{ kind: 'lost', subject, detail: `its download answers ${status}` }]
  const bytes = await fetchBytes(location)
  if (bytes && sha256Of(bytes) === entry.sha256) return []
  return [{ kind: 'lost', subject, detail: bytes ? 'the store has other bytes' : 'the store does not have it' }]
}

async function checkVariants(asset: Asset, declared: string[]): Promise<Violation[]> {
  const missing = declared.filter(name => asset.variants.every(variant => variant.name !== name))
  if (asset.variants.length === 0 || missing.length > 0)
    return [
      { kind: 'incomplete', subject: `asset ${asset.id}`, detail: `ready without ${missing.join(', ') || 'variants'}` },
    ]
  const faults = await Promise.all(
    asset.variants
      .filter(({ status }) => status !== 'skipped')
      .map(async variant => {
        const detail = await faultOf(variant)
        return detail === null
          ? []
          : [{ kind: 'incomplete' as const, subject: `${variant.name} of ${asset.id}`, detail }]
      }),
  )
  return faults.flat()
}

/** Fetches, hashes and decodes a variant, because a row that says `ready` proves nothing. */
async function faultOf(variant: Asset['variants'][number]): Promise<string | null> {
  if (variant.status !== 'ready' || !variant.url) return `is ${variant.status}`
  const bytes = await fetchBytes(variant.url)
  if (!bytes) return 'is not in the store'
  if (bytes.length !== variant.byteSize) return `has ${bytes.length} bytes, recorded are ${variant.byteSize}`
  if (sha256Of(bytes) !== variant.sha256) return 'has another sha256 than recorded'
  try {
    const { info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    const isAsRecorded = info.width === variant.width && info.height === variant.height
    return isAsRecorded ? null : `is ${info.width} × ${info.height}, recorded are ${variant.width} × ${variant.height}`
  } catch (error) {
    return `does not decode: ${error}`
  }
}

async function fetchBytes(url: string): Promise<Uint8Array | null> {
  const response = await fetch(url)
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null
}
