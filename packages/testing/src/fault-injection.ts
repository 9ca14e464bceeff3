import type { FaultInjection } from '@darkroom/core'

/**
 * Reads the switches of the fault harness from the environment, for processes that a test starts to break them.
 * `DARKROOM_CRASHPOINT` is `<name>` or `<name>:<n>`: the process kills itself with SIGKILL there, at the n-th time that it
 * passes. `DARKROOM_SABOTAGE` names a defence that is off. Nothing that ships imports this.
 */
export function faultsFromEnv(env: Record<string, string | undefined>): FaultInjection {
  const [armed, nth = '1'] = (env.DARKROOM_CRASHPOINT ?? '').split(':')
  let passed = 0
  return {
    crashpoint(name) {
      if (name !== armed) return
      passed += 1
      if (passed === Number(nth)) process.kill(process.pid, 'SIGKILL')
    },
    isDisabled: defence => env.DARKROOM_SABOTAGE === defence,
  }
}
