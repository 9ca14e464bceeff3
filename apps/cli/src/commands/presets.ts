import { readFile } from 'node:fs/promises'
import { MEDIA_KINDS } from '@darkroom/contracts/media-types'
import { hasCondition } from '@darkroom/contracts/select-all'
import type { Schemas } from '@darkroom/sdk'
import { Command, Option } from 'commander'
import prettyBytes from 'pretty-bytes'
import { CommandError, EXIT } from '../exit-codes.ts'
import { parseMoment } from '../job-filter.ts'
import { commandWithJson, counted, moment, print } from '../output.ts'
import { connectSdk, everyOf, given } from '../sdk-client.ts'
import { table } from '../table.ts'
import { describeBackfill } from './backfills.ts'

type Json = { json?: true }

interface FilterOptions {
  from?: string
  kind?: (typeof MEDIA_KINDS)[number]
  tag?: string
  since?: Date
  before?: Date
}
type PlanOptions = FilterOptions & Json & { file?: string; rate?: string }
type ApplyOptions = FilterOptions & Json & { canary?: string; rate?: string }

export const presetsCommand = () =>
  new Command('presets')
    .addCommand(
      commandWithJson('list', {
        description: 'list presets with their newest version',
        example: 'presets list',
      }).action(list),
    )
    .addCommand(
      commandWithJson('show', {
        description: 'show the versions of a preset, or one version',
        example: 'presets show default@1',
      })
        .argument('<preset>', 'gallery for all versions, gallery@2 for the definition of one version')
        .action(show),
    )
    .addCommand(
      commandWithJson('create', { description: 'create a version of a preset', example: 'presets create gallery.json' })
        .argument('<file.json>', 'with {"name": …, "definition": …}')
        .action(create),
    )
    .addCommand(
      withFilter(
        commandWithJson('plan', {
          description: 'preview what applying a version would change and cost; changes nothing',
          example: 'presets plan gallery@2 --tag summer',
        }),
      )
        .argument('<preset>', 'gallery for the newest version, or gallery@2')
        .option('--file <file.json>', 'a definition that is not stored yet, instead of a version')
        .option('--rate <jobs>', 'maximum number of jobs per minute')
        .action(plan),
    )
    .addCommand(
      withFilter(
        commandWithJson('apply', {
          description: 'apply a version to existing assets, with lower priority than uploads',
          example: 'presets apply gallery@2 --canary 10 --rate 600',
        }),
      )
        .argument('<preset>', 'a version, such as gallery@2')
        .option('--canary <count>', 'process this many assets first; a failure pauses the backfill')
        .option('--rate <jobs>', 'maximum number of jobs per minute')
        .action(apply),
    )

const withFilter = (command: Command): Command =>
  command
    .option('--from <preset>', 'only assets of another preset, or of one version: gallery@1')
    .addOption(new Option('--kind <kind>', 'only assets of this kind').choices(MEDIA_KINDS))
    .option('--tag <tag>', 'only assets with this tag')
    .option(
      '--since <time>',
      'only created since then: 30m, 1h, 2d, or a time such as 2026-03-01T12:00:00Z',
      parseMoment,
    )
    .option('--before <time>', 'only created before then, in the format of --since', parseMoment)

const toFilter = ({ from, kind, tag, since, before }: FilterOptions) =>
  given({
    fromPreset: from,
    kind,
    tag,
    createdAfter: since?.toISOString(),
    createdBefore: before?.toISOString(),
  })

const toNumber = (text: string | undefined) => (text === undefined ? undefined : Number(text))

/** Parses `gallery` or `gallery@2`. Whether it exists is checked by the API. */
function parsePreset(text: string): { name: string; version: string | undefined } {
  const [name = '', version] = text.split('@')
  return { name, version }
}

async function list(options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const items = await everyOf(darkroom.presets.each({ limit: 200 }))
  print(options, items, () =>
    table(
      ['NAME', 'VERSION', 'OF', { title: 'KINDS', drop: 2 }, { title: 'MADE', drop: 1 }],
      items.map(preset => [
        preset.name,
        preset.version,
        preset.isBuiltIn ? 'built in' : 'the project',
        MEDIA_KINDS.filter(kind => kind in preset.definition).join(','),
        moment(preset.createdAt),
      ]),
    ),
  )
}

async function show(preset: string, options: Json): Promise<void> {
  const { name, version } = parsePreset(preset)
  const { darkroom } = await connectSdk()
  if (version !== undefined) {
    const one = await darkroom.presets.getVersion(name, Number(version))
    return print(options, one, () => JSON.stringify(one.definition, null, 2))
  }
  const { versions } = await darkroom.presets.get(name)
  print(options, versions, () =>
    versions
      .map(each => `${each.name}@${each.version}  ${each.isBuiltIn ? 'built in' : moment(each.createdAt)}`)
      .join('\n'),
  )
}

async function create(file: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const preset = await darkroom.presets.create(await readJson(file))
  print(options, preset, () => {
    const named = `${preset.name}@${preset.version}`
    return `This is ${named}. New uploads use it. For existing assets: npx darkroom presets plan ${named}`
  })
}

async function plan(preset: string, { file, rate, ...options }: PlanOptions): Promise<void> {
  const { name, version } = parsePreset(preset)
  const definition = file === undefined ? undefined : definitionOf(await readJson(file))
  const { darkroom } = await connectSdk()
  const planned = await darkroom.presets.plan(
    name,
    given({
      version: toNumber(version),
      definition,
      filter: toFilter(options),
      ratePerMinute: toNumber(rate),
    }),
  )
  print(options, planned, () => describePlan(planned))
}

async function apply(preset: string, { canary, rate, ...options }: ApplyOptions): Promise<void> {
  const { name, version } = parsePreset(preset)
  if (version === undefined)
    throw new CommandError(`Add the version: ${name}@2. See \`npx darkroom presets show ${name}\`.`, EXIT.usage)
  const filter = toFilter(options)
  const { darkroom } = await connectSdk()
  const { backfill } = await darkroom.presets.apply(name, {
    version: Number(version),
    ...given({ canary: toNumber(canary), ratePerMinute: toNumber(rate) }),
    ...(hasCondition(filter) && { filter }),
  })
  print(options, backfill, () => `${describeBackfill(backfill)}\nFollow it: npx darkroom backfills show ${backfill.id}`)
}

/** Returns the definition of a preset file. A file for `create` works for `plan` as well. */
const definitionOf = (preset: PresetFile) =>
  typeof preset === 'object' && preset !== null && 'definition' in preset ? preset.definition : preset

/** What a file should have; the API checks it, and names each fault. */
type PresetFile = Schemas['CreatePreset']

async function readJson(file: string): Promise<PresetFile> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandError(`${file} cannot be read as JSON: ${reason}`, EXIT.usage, { cause: error })
  }
}

function describePlan({ preset, sampled, examined, assets, variants, cost }: Schemas['PresetPlan']): string {
  const kinds = Object.entries(assets.touchedByKind).map(([kind, count]) => `${count} ${kind}`)
  const lines = [
    `${preset.name}${preset.version === null ? '' : `@${preset.version}`}${sampled ? `, estimated from a sample of ${counted(examined, 'asset')}` : ''}`,
    `assets    ${assets.touched} of ${assets.matched} change${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}, ${assets.unchanged} unchanged, ${assets.skipped} skipped`,
    `variants  ${variants.added} added, ${variants.remade} made again, ${variants.kept} kept, ${variants.dropped} removed`,
    `cost      ${cost.cpuSeconds === null ? 'unknown time (no earlier jobs)' : `${cost.cpuSeconds} s of work`}, ${prettyBytes(cost.bytesToWrite)} to write`,
    `store     ${cost.storeCalls.get} GET, ${cost.storeCalls.put} PUT, ${cost.storeCalls.delete} DELETE`,
  ]
  if (assets.unknown > 0)
    lines.push(`unknown   ${assets.unknown} assets from before facts were stored; their jobs find out`)
  if (cost.finishAt) lines.push(`finished  at ${moment(cost.finishAt)} at the earliest`)
  return lines.join('\n')
}
