import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

export const ROOT = join(import.meta.dirname, '../..')
const OUTPUT_BYTES = 64 * 1024 * 1024

export interface CommandOptions {
  env?: Record<string, string>
  /** Text for its input. */
  input?: string
  cwd?: string
}

/** Runs a program to its end and returns what it wrote to its output. @throws Error with its message on stderr */
export async function run(command: string[], { env = {}, input, cwd = ROOT }: CommandOptions = {}): Promise<string> {
  const [program = '', ...args] = command
  const running = promisify(execFile)(program, args, { env: { ...process.env, ...env }, cwd, maxBuffer: OUTPUT_BYTES })
  running.child.stdin?.end(input)
  return (await running).stdout
}

export const docker = (...args: string[]): Promise<string> => run(['docker', ...args])

const succeeds = (command: string[]): Promise<boolean> =>
  run(command).then(
    () => true,
    () => false,
  )

/** @throws Error where no engine answers */
export async function requireEngine(): Promise<void> {
  if (await succeeds(['docker', 'info'])) return
  throw new Error('No Docker engine answers. Start one, or set DOCKER_HOST to its socket.')
}

/** Builds the image of this checkout. DOCKER_BUILD_NETWORK=host is for machines whose containers reach no network. */
export const buildImage = (tag: string): Promise<string> =>
  docker('build', '--network', process.env.DOCKER_BUILD_NETWORK ?? 'default', '--tag', tag, ROOT)

/** Makes an image that differs from another by its name and a label alone, as a new version would. */
export const buildNextVersion = (tag: string, from: string): Promise<string> =>
  run(['docker', 'build', '--tag', tag, '-'], { input: `FROM ${from}\nLABEL version=next\n` })

export interface Deployment {
  compose(...args: string[]): Promise<string>
  /** Ids of the containers of a service that run or ended. */
  containersOf(service: string): Promise<string[]>
  /** Uses another image from the next command on. */
  setImage(tag: string): void
  /** Everything that it wrote, by one container or all of a service. */
  logs(service: string): Promise<string>
  /** Containers, volumes and networks that are there. */
  traces(): Promise<string[]>
  /** Stops and removes everything. */
  down(): Promise<void>
  remove(): Promise<void>
}

/** Lays docker-compose.yml and an .env of its own into a folder of its own, so that nothing of this checkout is used or changed. */
export async function deploy(image: string, settings: Record<string, string>): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-containers-'))
  const project = basename(folder).toLowerCase()
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  await writeFile(join(folder, '.env'), `${lines.join('\n')}\n`)
  await writeFile(join(folder, 'docker-compose.yml'), await run(['cat', join(ROOT, 'docker-compose.yml')]))
  const program = (await succeeds(['docker', 'compose', 'version'])) ? ['docker', 'compose'] : ['docker-compose']
  let current = image
  const compose = (...args: string[]) =>
    run([...program, '--project-name', project, ...args], { cwd: folder, env: { DARKROOM_IMAGE: current } })
  const ofProject = ['--filter', `label=com.docker.compose.project=${project}`]
  const linesOf = (text: string) => text.split('\n').filter(line => line !== '')
  return {
    compose,
    containersOf: async service =>
      linesOf(await docker('ps', '-aq', ...ofProject, '--filter', `label=com.docker.compose.service=${service}`)),
    setImage: tag => {
      current = tag
    },
    logs: service => compose('logs', '--no-color', service),
    traces: async () => {
      const kinds = [
        ['ps', '-a'],
        ['volume', 'ls'],
        ['network', 'ls'],
      ]
      const lists = await Promise.all(kinds.map(kind => docker(...kind, '-q', ...ofProject)))
      return lists.flatMap(linesOf)
    },
    down: async () => void (await compose('down', '--volumes')),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}
