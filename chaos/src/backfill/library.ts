import type { PresetDefinition } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { type Engines, Facts, fingerprint, plan } from '@darkroom/media/plan'
import { createS3Store, type ObjectStore, originalKey, type Pin, variantKey } from '@darkroom/storage'
import sharp from 'sharp'
import { makePhoto, sha256Of } from '../client/photo.ts'
import { PRIVATE_BUCKET, PUBLIC_BUCKET, STORE } from '../deployment/settings.ts'
import type { Random } from '../random.ts'
import type { ScenarioContext } from '../scenarios/scenario.ts'

/** An asset that is ready by the first version of the preset. */
export interface LibraryAsset {
  assetId: string
  byteSize: number
  sha256: string
  /** Of the variants that were published before the backfill. */
  urls: string[]
}

interface LibraryOptions {
  preset: { name: string; definition: PresetDefinition }
  count: number
  random: Random
  onProgress(done: number): void
}

/** Photos of 96 × 64 pixels, each with pixels of its own: a few kB and milliseconds. */
const PHOTO = { width: 96, height: 64 }
const AT_ONCE = 16
const PAGE = 200
const SETTLE_MS = 90_000

/**
 * Fills a library with photos that are ready: one goes through the product, the others get rows like its rows and objects of their
 * own in the store. 10,000 uploads through the product would take as long as the backfill.
 */
export async function fillLibrary(context: ScenarioContext, options: LibraryOptions): Promise<LibraryAsset[]> {
  const { store: b2 } = context.deployment
  const store = createS3Store({ ...STORE, endpoint: b2.url })
  try {
    const model = await makeModel(context, options)
    const library: LibraryAsset[] = []
    while (library.length < options.count) {
      const size = Math.min(PAGE, options.count - library.length)
      library.push(...(await addPage(context, store, model, { ...options, size })))
      options.onProgress(library.length)
    }
    return library
  } finally {
    store.close()
  }
}

/** Rows that the others are made after. */
interface Model {
  projectId: string
  assetId: string
  uploadId: string
  originalId: string
  engines: Engines
  facts: Facts
  variants: { name: string; id: string; objectId: string; width: number; height: number }[]
}

async function makeModel(
  { client, deployment: { sql } }: ScenarioContext,
  { preset, random }: LibraryOptions,
): Promise<Model> {
  const { asset } = await client.upload(await makePhoto(random, PHOTO), { more: { preset: preset.name } })
  const settled = await client.settled(asset.id, SETTLE_MS)
  if (settled?.status !== 'ready') throw new Error(`the first photo is not ready, but ${JSON.stringify(settled)}`)
  const [row] = await sql`
    SELECT a.project_id, a.original_object_id, a.probe, a.facts, u.id AS upload_id,
      (SELECT engines FROM workers WHERE engines IS NOT NULL ORDER BY seen_at DESC LIMIT 1) AS engines
    FROM assets a JOIN uploads u ON u.asset_id = a.id WHERE a.id = ${asset.id}`
  const variants = await sql<{ name: string; id: string; object_id: string; width: number; height: number }[]>`
    SELECT name, id, object_id, width, height FROM variants WHERE asset_id = ${asset.id} ORDER BY position`
  if (!row) throw new Error('the first photo has no rows')
  return {
    projectId: row.project_id,
    assetId: asset.id,
    uploadId: row.upload_id,
    originalId: row.original_object_id,
    engines: row.engines,
    facts: Facts.parse({ ...row.probe, details: row.facts }),
    variants: variants.map(({ object_id, ...variant }) => ({ ...variant, objectId: object_id })),
  }
}

type Row = Record<string, unknown>
/** Rows by table, each with the row that it is made after. */
type Rows = { table: string; model: string; row: Row }[]

async function addPage(
  { deployment: { sql } }: ScenarioContext,
  store: ObjectStore,
  model: Model,
  { random, preset, size }: LibraryOptions & { size: number },
): Promise<LibraryAsset[]> {
  const made: { asset: LibraryAsset; rows: Rows }[] = []
  const addNext = async (): Promise<void> => {
    while (size-- > 0) made.push(await createAsset(store, model, preset.definition, random))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, addNext))
  const all = made.flatMap(({ rows }) => rows)
  await sql.begin(async tx => {
    for (const [at, same] of Map.groupBy(all, ({ table, model }) => `${table} ${model}`)) {
      const [table = '', modelId = ''] = at.split(' ')
      const changes = tx.json(same.map(({ row }) => row) as never)
      await tx`
        INSERT INTO ${tx(table)} SELECT made.* FROM ${tx(table)} model
        CROSS JOIN jsonb_array_elements(${changes}) AS change
        CROSS JOIN LATERAL jsonb_populate_record(model, change) AS made
        WHERE model.id = ${modelId}`
    }
  })
  return made.map(({ asset }) => asset)
}

/** Writes one photo and its variants into the store. @returns the rows for them */
async function createAsset(store: ObjectStore, model: Model, definition: PresetDefinition, random: Random) {
  const { projectId } = model
  const assetId = newId()
  const photo = await makePhoto(random, PHOTO)
  const { sha256 } = photo
  const bytes = Buffer.from(photo.bytes)
  const write = (bucket: string, key: string, contentType: string, body: Buffer): Promise<Pin> =>
    store.put({ bucket, key, body, byteSize: body.length, contentType, sha256: sha256Of(body) })

  const key = originalKey(projectId, assetId)
  const original = { id: newId(), asset_id: assetId, key, bytes: bytes.length, sha256 }
  const pin = await write(PRIVATE_BUCKET, key, photo.contentType, bytes)
  const rows: Rows = [
    {
      table: 'assets',
      model: model.assetId,
      row: { id: assetId, byte_size: bytes.length, sha256, original_object_id: original.id },
    },
    { table: 'uploads', model: model.uploadId, row: { id: newId(), asset_id: assetId, byte_size: bytes.length } },
    { table: 'objects', model: model.originalId, row: { ...original, version_id: pin.versionId, etag: pin.etag } },
  ]
  const urls: string[] = []
  for (const planned of plan(model.facts, definition).variants) {
    const { id, objectId, width, height } = variantOf(model, planned.name)
    const file = await sharp(bytes).resize(width, height).toFormat('webp').toBuffer()
    const variantAt = variantKey(projectId, assetId, planned.extension)
    const written = await write(PUBLIC_BUCKET, variantAt, planned.contentType, file)
    const facts = { sha256: sha256Of(file), asset_id: assetId }
    const object = { ...facts, id: newId(), key: variantAt, bytes: file.length }
    const print = fingerprint(sha256, model.facts.kind, planned, model.engines)
    rows.push(
      { table: 'objects', model: objectId, row: { ...object, version_id: written.versionId, etag: written.etag } },
      {
        table: 'variants',
        model: id,
        row: { ...facts, id: newId(), object_id: object.id, byte_size: file.length, fingerprint: print },
      },
    )
    urls.push(variantAt)
  }
  return { asset: { assetId, byteSize: bytes.length, sha256, urls }, rows }
}

function variantOf({ variants }: Model, name: string): Model['variants'][number] {
  const found = variants.find(variant => variant.name === name)
  if (!found) throw new Error(`the first photo has no variant ${name}`)
  return found
}
