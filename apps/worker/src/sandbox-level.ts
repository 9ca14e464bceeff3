import { ConfigError, type Logger } from '@darkroom/core'
import type { MediaPool } from '@darkroom/media'
import type { WorkerConfig } from './config.ts'

/**
 * Logs how well media processes are shut in: a reduced sandbox as a warning, with what it does not keep in.
 * @throws ConfigError where it has to be full and is not
 */
export function checkSandboxLevel(
  { name, level, reason }: MediaPool['sandbox'],
  wanted: WorkerConfig['WORKER_SANDBOX'],
  logger: Pick<Logger, 'info' | 'warn'>,
): void {
  if (level === 'full') {
    logger.info({ sandbox: level, by: name }, `sandbox: full (${name})`)
    return
  }
  if (wanted === 'required') {
    throw new ConfigError([
      `WORKER_SANDBOX: a full sandbox is required, and this host allows a reduced one: ${reason}. See "Reduced sandbox" in docs/how-to/operate.md, or accept it with WORKER_SANDBOX=auto`,
    ])
  }
  logger.warn({ sandbox: level, by: name, reason }, `sandbox: reduced (${reason})`)
}
