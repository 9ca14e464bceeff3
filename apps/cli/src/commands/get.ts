import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Asset } from '@darkroom/contracts'
import prettyBytes from 'pretty-bytes'
import { type AdminClient, createAdminClient } from '../admin-client.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { localName } from '../get/local-name.ts'
import { exists, openPartFile, type PartFile, taken } from '../get/part-file.ts'
import { readResumed } from '../get/read-resumed.ts'
import { interruptible } from '../interrupt.ts'
import { commandWithJson, print } from '../output.ts'
import { createProgress, type ProgressBar } from '../progress.ts'

interface Options {
  json?: true
  output?: string
  force?: true
}

export const getCommand = () =>
  commandWithJson('get', {
    description: '',
    example: 'get 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001 thumb --output thumb.webp',
  })
    .argument('<asset id>')
    .argument('[variant]', 'name of a variant; default: the original')
    .option('-o, --output <file>', 'file or folder to write to, - for standard output; default: the name of the asset')
    .option('--force', 'replace a file that exists')
    .addHelpText(
      'after',
      '\nRun it again after an interruption: it goes on where it was. The SHA-256 of the file is checked.',
    )
    .action(get)

async function get(id: string, variant: string | undefined, options: Options): Promise<void> {
  const client = createAdminClient()
  const source = await findSource(client, id, variant)
  const advice = 'What has arrived is kept: run the same command again to go on.'
  if (options.output === '-') return interruptible('', signal => writeOut(source, signal))
  const file = await targetOf(source, options)
  const bytes = await interruptible(advice, signal =>
    save(source, file, { signal, mayReplace: options.force === true }),
  )
  print(options, { id, variant: variant ?? null, file, byteSize: bytes, sha256: source.sha256 }, () => {
    const checked = source.sha256 === null ? '' : ', SHA-256 is right'
    return `${file} (${prettyBytes(bytes)}${checked})`
  })
}

/** A file of an asset in the store. */
interface Source {
  name: string
  byteSize: number | null
  sha256: string | null
  /** Whether it is written for each download. */
  isWrittenAnew: boolean
  sign(): Promise<string>
}

async function findSource(client: AdminClient, id: string, variant: string | undefined): Promise<Source> {
  const path = `/v1/assets/${encodeURIComponent(id)}`
  const asset = await client.get<Asset>(path)
  const sign = () => client.locationOf(`${path}/download`, { variant })
  if (variant === undefined) {
    const { byteSize, sha256 } = asset
    return { name: localName(asset), byteSize, sha256, isWrittenAnew: false, sign }
  }
  const found = asset.variants.find(({ name }) => name === variant)
  if (!found) {
    const names = asset.variants.map(({ name }) => name).join(', ') || 'none yet'
    throw new CommandError(`The asset has no variant "${variant}". It has: ${names}.`, EXIT.notFound)
  }
  // A playlist is written anew for each download, with signed URLs in it.
  const isWrittenAnew = /mpegurl|vtt/.test(found.contentType ?? '')
  const { byteSize, sha256 } = isWrittenAnew ? { byteSize: null, sha256: null } : found
  return { name: localName(asset, found), byteSize, sha256, isWrittenAnew, sign }
}

async function targetOf({ name }: Source, { output, force }: Options): Promise<string> {
  const isFolder = output !== undefined && ((await stat(output).catch(() => null))?.isDirectory() ?? false)
  const file = resolve(output === undefined ? name : isFolder ? join(output, name) : output)
  if (!force && (await exists(file))) throw taken(file)
  return file
}

/** Sends the bytes on as they come. @throws CommandError at the end when they were not the right ones */
async function writeOut({ sign, sha256, isWrittenAnew }: Source, signal: AbortSignal): Promise<void> {
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  for await (const chunk of readResumed({ sign, from: 0, isWrittenAnew, signal })) {
    hash.update(chunk)
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal })
  }
  if (sha256 !== null && hash.digest('hex') !== sha256) throw damaged('standard output')
}

interface SaveOptions {
  signal: AbortSignal
  mayReplace: boolean
}

/** Downloads to a file, which has its name only when it is whole. @returns its size */
async function save(source: Source, file: string, options: SaveOptions): Promise<number> {
  const progress = createProgress()
  const bar = progress.add(source.name, source.byteSize)
  try {
    const size = await saveOnce(source, file, bar, options)
    // What an earlier run had got was wrong, and is deleted: from the start once more.
    return size ?? (await saveOnce(source, file, bar, options)) ?? fail(damaged(file))
  } finally {
    progress.stop()
  }
}

const fail = (error: Error): never => {
  throw error
}

/** @returns null when the bytes were not the right ones */
async function saveOnce(
  { sign, sha256, isWrittenAnew }: Source,
  file: string,
  bar: ProgressBar,
  { signal, mayReplace }: SaveOptions,
): Promise<number | null> {
  const part: PartFile = await openPartFile({ file, sha256, mayReplace })
  let isOpen = true
  try {
    let size = part.size
    bar.set(size)
    for await (const chunk of readResumed({ sign, from: part.size, isWrittenAnew, signal })) {
      await part.write(chunk)
      size += chunk.length
      bar.set(size)
    }
    const isRight = sha256 === null || part.digest() === sha256
    isOpen = isRight
    if (!isRight) {
      await part.discard()
      return null
    }
    await part.finish()
    isOpen = false
    return size
  } finally {
    if (isOpen) await part.close()
  }
}

const damaged = (where: string) =>
  new CommandError(
    `What was written to ${where} is not the stored file: its SHA-256 is different. Try again; if it happens again, run \`npx darkroom verify\` on the server.`,
  )
