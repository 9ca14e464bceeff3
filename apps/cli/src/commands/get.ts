import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isIndexType } from '@darkroom/contracts/media-types'
import type { Darkroom } from '@darkroom/sdk'
import prettyBytes from 'pretty-bytes'
import { CommandError, EXIT } from '../exit-codes.ts'
import { localName } from '../get/local-name.ts'
import { exists, openPartFile, type PartFile, taken } from '../get/part-file.ts'
import { FileReplaced, readResumed } from '../get/read-resumed.ts'
import { interruptible } from '../interrupt.ts'
import { commandWithJson, print } from '../output.ts'
import { createProgress, type ProgressBar } from '../progress.ts'
import { connectSdk } from '../sdk-client.ts'

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
  const { darkroom } = await connectSdk()
  const find = () => findSource(darkroom, id, variant)
  const source = await find()
  const advice = 'What has arrived is kept: run the same command again to go on.'
  if (options.output === '-') return interruptible('', signal => writeOut(source, signal))
  const file = await targetOf(source, options)
  const saved = await interruptible(advice, signal =>
    save(source, file, { find, signal, mayReplace: options.force === true }),
  )
  print(options, { id, variant: variant ?? null, file, ...saved }, () => {
    const checked = saved.sha256 === null ? '' : ', SHA-256 is right'
    return `${file} (${prettyBytes(saved.byteSize)}${checked})`
  })
}

/** A file of an asset in the store. */
interface Source {
  name: string
  byteSize: number | null
  sha256: string | null
  /** Whether it is written for each download. */
  isWrittenAnew: boolean
  open(from: number, signal: AbortSignal): Promise<Response>
}

async function findSource({ assets }: Darkroom, id: string, variant: string | undefined): Promise<Source> {
  const asset = await assets.get(id)
  const open = (from: number, signal: AbortSignal) =>
    assets.download(id, { variant, from: from === 0 ? undefined : from, signal })
  if (variant === undefined) {
    const { byteSize, sha256 } = asset
    return { name: localName(asset), byteSize, sha256, isWrittenAnew: false, open }
  }
  const found = asset.variants.find(({ name }) => name === variant)
  if (!found) {
    const names = asset.variants.map(({ name }) => name).join(', ') || 'none yet'
    throw new CommandError(`The asset has no variant "${variant}". It has: ${names}.`, EXIT.notFound)
  }
  const isWrittenAnew = isIndexType(found.contentType)
  const { byteSize, sha256 } = isWrittenAnew ? { byteSize: null, sha256: null } : found
  return { name: localName(asset, found), byteSize, sha256, isWrittenAnew, open }
}

async function targetOf({ name }: Source, { output, force }: Options): Promise<string> {
  const isFolder = output !== undefined && ((await stat(output).catch(() => null))?.isDirectory() ?? false)
  const file = resolve(output === undefined ? name : isFolder ? join(output, name) : output)
  if (!force && (await exists(file))) throw taken(file)
  return file
}

/** Sends the bytes on as they come. @throws CommandError at the end when they were not the right ones */
async function writeOut({ open, sha256, isWrittenAnew }: Source, signal: AbortSignal): Promise<void> {
  const { createHash } = await import('node:crypto')
  const hash = createHash('sha256')
  for await (const chunk of readResumed({ open, from: 0, isWrittenAnew, isVerified: sha256 !== null, signal })) {
    hash.update(chunk)
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal })
  }
  if (sha256 !== null && hash.digest('hex') !== sha256) throw damaged('standard output')
}

interface SaveOptions {
  /** Looks the file up once more. */
  find(): Promise<Source>
  signal: AbortSignal
  mayReplace: boolean
}

interface Saved {
  byteSize: number
  sha256: string | null
}

/** Downloads to a file, which has its name only when it is whole. */
async function save(source: Source, file: string, options: SaveOptions): Promise<Saved> {
  const progress = createProgress()
  const bar = progress.add(source.name, source.byteSize)
  try {
    const saved = await saveOnce(source, file, bar, options)
    // What an earlier run had got was wrong, or is of a version that was replaced, and is deleted: from the start once more.
    return saved ?? (await saveOnce(await options.find(), file, bar, options)) ?? fail(damaged(file))
  } finally {
    progress.stop()
  }
}

const fail = (error: Error): never => {
  throw error
}

/** @returns null when the bytes were not the right ones */
async function saveOnce(
  { open, sha256, isWrittenAnew }: Source,
  file: string,
  bar: ProgressBar,
  { signal, mayReplace }: SaveOptions,
): Promise<Saved | null> {
  const part: PartFile = await openPartFile({ file, sha256, mayReplace })
  const from = part.size
  let isOpen = true
  try {
    let byteSize = from
    bar.set(byteSize)
    const chunks = readResumed({ open, from, isWrittenAnew, isVerified: sha256 !== null, signal })
    const isOneFile = await eachUnlessReplaced(chunks, async chunk => {
      await part.write(chunk)
      byteSize += chunk.length
      bar.set(byteSize)
    })
    const isRight = isOneFile && (sha256 === null || part.digest() === sha256)
    isOpen = isRight
    if (!isRight) {
      await part.discard()
      return null
    }
    await part.finish()
    isOpen = false
    return { byteSize, sha256 }
  } finally {
    if (isOpen) await part.close()
  }
}

/** @returns whether all chunks are of one version of the file */
async function eachUnlessReplaced(
  chunks: AsyncIterable<Uint8Array>,
  work: (chunk: Uint8Array) => Promise<void>,
): Promise<boolean> {
  try {
    for await (const chunk of chunks) await work(chunk)
    return true
  } catch (error) {
    if (error instanceof FileReplaced) return false
    throw error
  }
}

const damaged = (where: string) =>
  new CommandError(
    `What was written to ${where} is not the stored file: its SHA-256 is different. Try again; if it happens again, run \`npx darkroom verify\` on the server.`,
  )
