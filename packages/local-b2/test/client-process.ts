import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Runs the program and returns its standard output; rejects with its error text on a non-zero exit. */
export type ClientProcess = (args: string[]) => Promise<string>

/**
 * Returns a program that runs without this machine's settings: its own home folder, and no variables but those given.
 */
export function clientProcess(program: string, home: string, env: Record<string, string>): ClientProcess {
  return async args => {
    const isolated = {
      HOME: home,
      XDG_CONFIG_HOME: home,
      PATH: '/usr/bin:/bin',
      LANG: 'C.UTF-8',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: `${home}/none`,
      AWS_SHARED_CREDENTIALS_FILE: `${home}/none`,
      RCLONE_CONFIG: `${home}/none`,
      ...env,
    }
    const { stdout } = await run(program, args, { env: isolated, cwd: home, maxBuffer: 16 * 1024 * 1024 })
    return stdout
  }
}

/** Checks that a program can be used. @returns undefined, or the reason why not, naming the package to install */
export async function missingClient(
  program: string,
  aptPackage: string,
  probe?: string[],
): Promise<string | undefined> {
  try {
    await access(program)
    if (probe) await run(program, probe)
    return undefined
  } catch (cause) {
    return `${program} cannot be used (apt-get install ${aptPackage}): ${String(cause).split('\n')[0]}`
  }
}
