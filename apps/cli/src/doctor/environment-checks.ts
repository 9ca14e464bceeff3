import { type Check, fault, fine, warning } from '@darkroom/core/checks'
import { ConfigError } from '@darkroom/core/config'
import type { Env } from '../start/embedded.ts'

export interface EnvironmentContext {
  env: Env
  /** Names of all variables that some process reads. */
  known: ReadonlySet<string>
  /** Reads them as the processes do. @throws ConfigError */
  read(): unknown
}

/** A variable of these families that nobody reads is misspelt. */
const OURS = /^(B2|CDN|DARKROOM|WORKER|REDIS)_/
/** What others set: Kubernetes for each service (`REDIS_SERVICE_HOST`, `REDIS_PORT_6379_TCP`), and docker-compose.yml reads DARKROOM_IMAGE. */
const OF_OTHERS = /^DARKROOM_(IMAGE|DEBUG)$|_SERVICE_(HOST|PORT)(_|$)|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/
const B2_KEY_ID = /^00[0-9a-f]{23}$/

/** What is wrong with the variables before anybody is asked. */
export const ENVIRONMENT_CHECKS: readonly Check<EnvironmentContext>[] = [
  {
    id: 'env.whitespace',
    title: 'no variable has stray white space or quotes',
    cause: 'A value was pasted with a line end, or with quotes that are not removed (docker --env-file, systemd).',
    fix: 'Take white space and quotes off the ends of the value.',
    async look(context) {
      const stray = ourVariables(context).filter(([, value]) => /^[\s"']|[\s"']$|[\r\n]/.test(value))
      return stray.length > 0 ? fault(stray.map(([name]) => name).join(', ')) : fine('none')
    },
  },
  {
    id: 'env.unknown',
    title: 'every variable of Darkroom is known',
    cause: 'The name of a variable is misspelt, so its value has no effect.',
    fix: 'docs/config.md has every variable.',
    async look({ env, known }) {
      const unknown = Object.keys(env).filter(name => OURS.test(name) && !OF_OTHERS.test(name) && !known.has(name))
      return unknown.length > 0 ? warning(unknown.join(', ')) : fine('none is misspelt')
    },
  },
  {
    id: 'env.swapped',
    title: 'the key and its id are not exchanged',
    cause: 'B2_APPLICATION_KEY has the form of the id of a key.',
    fix: 'Exchange the values of B2_KEY_ID and B2_APPLICATION_KEY.',
    look: async ({ env }) =>
      B2_KEY_ID.test(env.B2_APPLICATION_KEY ?? '') ? fault('they seem to be') : fine('they are not'),
  },
  {
    id: 'env.variables',
    title: 'every variable has a value that can be',
    cause: 'A variable is missing or has a value of another form.',
    fix: 'Correct it. docs/config.md describes each variable.',
    async look(context) {
      try {
        context.read()
        return fine(`${ourVariables(context).length} are set`)
      } catch (error) {
        if (error instanceof ConfigError) return fault(error.faults.join('; '))
        throw error
      }
    },
  },
]

const ourVariables = ({ env, known }: EnvironmentContext): [string, string][] =>
  Object.entries(env).flatMap(([name, value]) => (known.has(name) && value ? [[name, value]] : []))
