import { createAvailableKinds } from '@darkroom/api'
import { Folder } from '@darkroom/contracts'
import { isAppError, NO_FAULTS, parseConfig, silentLogger, systemClock } from '@darkroom/core'
import { findProjectByName, type Project } from '@darkroom/db/projects'
import { BucketImportStopped, type BucketSource, IngestConfig, importBucket, surveyBucket } from '@darkroom/ingest'
import { type Command, InvalidArgumentError } from 'commander'
import { describeSurvey, estimateImport } from '../bucket-import/describe-survey.ts'
import { openSource, type SourceOptions } from '../bucket-import/open-source.ts'
import { describeCounts, showProgress } from '../bucket-import/show-progress.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { type Installation, withInstallation } from '../open-installation.ts'
import { newCommand, print } from '../output.ts'

export interface BucketOptions extends SourceOptions {
  project: string
  folder: string
  folders: boolean
  preset?: string
  tag?: string[]
  externalId?: true
  rate: number
  atOnce: number
  dryRun?: true
  json?: true
}

/** Makes assets of all objects of a bucket. Runs where the database is, so that no key of that bucket is stored anywhere. */
export const importBucketCommand = () =>
  addBucketOptions(
    newCommand('import', { description: '', example: 'import --bucket old-photos --prefix 2019/ --dry-run' }),
  ).action(runBucketImport)

export const addBucketOptions = (command: Command): Command =>
  command
    .requiredOption('--bucket <name>', 'bucket that moves in')
    .option('--prefix <prefix>', 'only keys that begin so', '')
    .option('--endpoint <url>', 'S3 endpoint of the bucket; default: the store of this installation')
    .option('--region <region>', 'region of the endpoint; default: as its host name says')
    .option('--key-id <id>', 'key that may read the bucket; its secret is in SOURCE_APPLICATION_KEY')
    .option('--secret-stdin', 'read the secret of --key-id from the standard input')
    .option('--project <name>', 'project that gets the files', 'default')
    .option('--folder <path>', 'folder that everything goes into', readFolder, '')
    .option('--no-folders', 'put all files into that one folder')
    .option('--preset <name>', 'preset of the new assets; default: that of the project')
    .option('--tag <tag...>', 'tags of the new assets')
    .option('--external-id', 'make the key the external id of its asset')
    .option('--rate <number>', 'objects per second at most', readCount, 50)
    .option('--at-once <number>', 'objects that are copied at a time', readCount, 8)
    .option('--dry-run', 'only list: count objects and bytes by kind, and estimate time and cost')
    .option('--json', 'one JSON object per line')

export const runBucketImport = (options: BucketOptions): Promise<void> =>
  withInstallation('darkroom-import', async installation => {
    const project = await findProjectByName(installation.database.db, options.project)
    if (!project) throw new CommandError(`There is no project "${options.project}".`, EXIT.notFound)
    const source = await openSource(options, installation).catch(error => {
      throw readableError(error, options)
    })
    const stop = new AbortController()
    const onSignal = () => stop.abort(new CommandError(STOPPED, EXIT.interrupted))
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
    try {
      await (options.dryRun ? survey : move)(options, { installation, project, source, signal: stop.signal })
    } catch (error) {
      throw readableError(error, options)
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      source.store.close()
    }
  })

const STOPPED = 'Stopped. Run the same command again to go on.'

interface Deps {
  installation: Installation
  project: Project
  source: BucketSource
  signal: AbortSignal
}

async function survey({ prefix, rate, json }: BucketOptions, { installation, project, source, signal }: Deps) {
  const { MAX_UPLOAD_BYTES } = parseConfig(IngestConfig, process.env)
  const maxBytes = Math.min(MAX_UPLOAD_BYTES, project.maxUploadBytes ?? Number.POSITIVE_INFINITY)
  const wanted = { source, projectId: project.id, prefix, maxBytes, signal }
  const estimate = estimateImport(await surveyBucket(installation.database.db, wanted), rate)
  print({ json: json === true }, estimate, () => describeSurvey(estimate))
}

/** An upload of a run that died is given up after this time, unless the run goes on before. */
const OPEN_MS = 24 * 3_600_000

async function move(options: BucketOptions, { installation, project, source, signal }: Deps): Promise<void> {
  const { database, store, settings } = installation
  const ingest = parseConfig(IngestConfig, process.env)
  const { counts, report, end } = showProgress({ json: options.json === true })
  const deps = {
    database,
    store,
    clock: systemClock,
    logger: silentLogger,
    faults: NO_FAULTS,
    kinds: createAvailableKinds(database),
    settings: {
      maxUploadBytes: ingest.MAX_UPLOAD_BYTES,
      acceptsSvg: ingest.ACCEPT_SVG,
      // The store puts them together, in parts or not: nobody is given a URL.
      multipartThresholdBytes: Number.POSITIVE_INFINITY,
      presignTtlSec: 0,
      uploadExpiresMs: OPEN_MS,
      privateBucket: settings.privateBucket,
    },
  }
  const assets = {
    project,
    prefix: options.prefix,
    folder: options.folder,
    keepsFolders: options.folders,
    preset: options.preset,
    tags: options.tag,
    keyAsExternalId: options.externalId === true,
  }
  try {
    await importBucket(deps, { source, assets, ratePerSec: options.rate, atOnce: options.atOnce, signal, report })
  } finally {
    end()
    // For people; a program counts the lines.
    if (!options.json) console.log(`${describeCounts(counts)}.`)
  }
  if (counts.failed > 0) throw new CommandError(SOME_FAILED, counts.imported > 0 ? EXIT.someFailed : EXIT.failed)
  if (!options.json)
    console.log('Next: workers process the files. See `npx darkroom jobs list` and `npx darkroom usage`.')
}

const SOME_FAILED = 'Some objects could not be imported. Run the same command again to try them again.'

function readableError(error: unknown, { bucket, keyId }: BucketOptions): unknown {
  if (error instanceof BucketImportStopped)
    return new CommandError(`${error.message}\nFix the cause, then run the same command again to go on.`)
  if (isAppError(error, 'STORE_CREDENTIALS'))
    return new CommandError(
      `The key ${keyId === undefined ? 'of this installation ' : ''}may not read ${bucket}: ${error.message}\nGive --key-id of one that may (listFiles, readFiles).`,
      EXIT.unauthorized,
    )
  if (isAppError(error, 'STORE_UNAVAILABLE')) return new CommandError(`${error.message}\n${STOPPED}`, EXIT.unreachable)
  return error
}

function readFolder(text: string): string {
  const folder = Folder.safeParse(text)
  if (folder.success) return folder.data
  throw new InvalidArgumentError(folder.error.issues[0]?.message ?? 'Expected a path.')
}

function readCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1) return count
  throw new InvalidArgumentError('Expected a number, 1 or more.')
}
