import { createInterface } from 'node:readline/promises'
import type { Schemas } from '@darkroom/sdk'
import { type Command, InvalidArgumentError } from 'commander'
import prettyBytes from 'pretty-bytes'
import { CommandError, EXIT } from '../exit-codes.ts'
import { projectByIdOrName } from '../find-project.ts'
import { commandWithJson, counted, moment, print } from '../output.ts'
import { connectSdk, given } from '../sdk-client.ts'

type Project = Schemas['Project']
type Json = { json?: true }
type DeleteOptions = Json & { yesDelete?: string; delayHours?: string }

const PROJECT = 'name or id of the project'

export const deleteCommand = (): Command =>
  commandWithJson('delete', {
    description: 'close a project immediately and delete it after a delay; asks for its name to confirm',
    example: 'projects delete shop --delay-hours 24',
  })
    .argument('<project>', PROJECT)
    .option('--yes-delete <name>', 'the name of the project, to confirm without a prompt')
    .option('--delay-hours <hours>', 'how long it can be restored; 0 starts the deletion immediately', parseHours)
    .action(remove)

export const restoreCommand = (): Command =>
  commandWithJson('restore', {
    description: 'restore a project before its deletion starts',
    example: 'projects restore shop',
  })
    .argument('<project>', PROJECT)
    .action(restore)

export const showCommand = (): Command =>
  commandWithJson('show', {
    description: 'show a project: its status, and the progress or receipt of its deletion',
    example: 'projects show shop',
  })
    .argument('<project>', `${PROJECT}, also of a deleted one`)
    .action(show)

function parseHours(text: string): string {
  if (!/^\d{1,4}$/.test(text)) throw new InvalidArgumentError('Expected a number of hours.')
  return text
}

async function remove(idOrName: string, { yesDelete, delayHours, ...options }: DeleteOptions): Promise<void> {
  const { darkroom } = await connectSdk()
  const project = await projectByIdOrName(darkroom, idOrName)
  const confirm = yesDelete ?? (await askForName(project))
  const closed = await darkroom.admin.projects.delete(project.id, { confirm, ...given({ delayHours }) })
  print(options, closed, () => explain(closed))
}

/** @throws CommandError where there is nobody to ask, or the answer is another name */
async function askForName({ name, id }: Project): Promise<string> {
  if (!process.stdin.isTTY) {
    const hint = `Confirm it with \`--yes-delete ${name}\`.`
    throw new CommandError(`There is no terminal to ask for the name of project ${id}. ${hint}`, EXIT.usage)
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const typed = await terminal.question(
      `This deletes project "${name}" with all its data. Type its name to confirm: `,
    )
    if (typed.trim() === name) return name
  } finally {
    terminal.close()
  }
  throw new CommandError(`The name does not match. Project "${name}" was not changed.`, EXIT.usage)
}

async function restore(idOrName: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const { id } = await projectByIdOrName(darkroom, idOrName)
  const restored = await darkroom.admin.projects.restore(id)
  print(options, restored, () => `project ${restored.name} is restored`)
}

async function show(idOrName: string, options: Json): Promise<void> {
  const { darkroom } = await connectSdk()
  const { id } = await projectByIdOrName(darkroom, idOrName)
  const project = await darkroom.admin.projects.get(id)
  print(options, project, () => explain(project))
}

/** Explains the state of a deletion and its consequences. */
function explain(project: Project): string {
  const { id, name, status, deletesAt, deletion, createdAt } = project
  if (!deletion) return `project ${name} (${id}) is ${status}, created ${moment(createdAt)}`
  const { requestedAt, requestedBy, startedAt, finishedAt, assetsLeft } = deletion
  const asked = `requested ${moment(requestedAt)} with the key ${requestedBy}`
  if (finishedAt)
    return [`project ${name} (${id}) was deleted ${moment(finishedAt)}`, asked, removedText(deletion)].join('\n')
  if (startedAt)
    return [
      `project ${name} (${id}) has been in deletion since ${moment(startedAt)}`,
      asked,
      `${counted(assetsLeft, 'asset')} left`,
    ].join('\n')
  return `project ${name} (${id}) is closed, and will be deleted at ${moment(deletesAt)}. To restore it before: \`npx darkroom projects restore ${name}\``
}

function removedText({ removed }: NonNullable<Project['deletion']>): string {
  const { assets, objects, bytes, keys, webhooks, presets } = removed
  const counts = [
    ...[counted(assets, 'asset'), `${counted(objects, 'file')} (${prettyBytes(bytes)})`, counted(keys, 'key')],
    ...[counted(webhooks, 'webhook endpoint'), counted(presets, 'preset version')],
  ]
  return `removed ${counts.join(', ')}`
}
