import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const UNITS = join(ROOT, 'deploy/systemd')
const INSTALLED_AT = '/opt/darkroom'
const names = readdirSync(UNITS)
const textOf = (name: string) => readFileSync(join(UNITS, name), 'utf8')
const valuesOf = (name: string, setting: string) =>
  [...textOf(name).matchAll(new RegExp(`^${setting}=(.*)$`, 'gm'))].map(([, value = '']) => value)
const services = names.filter(name => name.endsWith('.service'))
const documentedVariables = [
  ...readFileSync(join(ROOT, 'docs/config.md'), 'utf8').matchAll(/^\| `([A-Z0-9_]+)` \|/gm),
].map(match => match[1])

describe.each(services)('%s', name => {
  it('starts a program that exists', () => {
    const [command = ''] = valuesOf(name, 'ExecStart')
    const [node, program = ''] = command.split(' ')
    expect(node).toBe(`${INSTALLED_AT}/node_modules/.bin/node`)
    expect(existsSync(join(ROOT, program))).toBe(true)
  })

  it('sets only variables that exist', () => {
    const set = valuesOf(name, 'Environment').map(line => line.split('=')[0])
    expect(set.filter(variable => variable !== 'NODE_ENV' && !documentedVariables.includes(variable))).toEqual([])
  })

  it('is no root, and gains and changes nothing', () => {
    for (const [setting, value] of [
      ['User', 'darkroom'],
      ['NoNewPrivileges', 'yes'],
      ['CapabilityBoundingSet', ''],
      ['ProtectSystem', 'strict'],
      ['RestrictNamespaces', 'yes'],
    ] as const)
      expect(valuesOf(name, setting), setting).toEqual([value])
  })
})

describe('a worker', () => {
  const worker = 'darkroom-worker@.service'

  it('does not start without its full sandbox, and may set it up', () => {
    expect(valuesOf(worker, 'Environment')).toContain('WORKER_SANDBOX=required')
    const calls = valuesOf(worker, 'SystemCallFilter').join(' ').split(' ')
    expect(calls).toEqual(
      expect.arrayContaining(['landlock_create_ruleset', 'landlock_add_rule', 'landlock_restrict_self', 'seccomp']),
    )
  })

  it('may write its temporary files, and its code beside them', () => {
    const [cache] = valuesOf(worker, 'CacheDirectory')
    expect(valuesOf(worker, 'Environment')).toContain(`WORKER_TEMP_DIR=/var/cache/${cache}/temp`)
  })
})

it.skipIf(spawnSync('systemd-analyze', ['--version']).error !== undefined)('systemd accepts every unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-units-'))
  try {
    for (const name of names) {
      // systemd looks for the programs and the user, which are those of an installation.
      const text = textOf(name)
        .replaceAll(INSTALLED_AT, ROOT)
        .replace(/^User=.*$/m, 'User=root')
      writeFileSync(join(folder, name.replace('@.', '@1.')), text)
    }
    const files = readdirSync(folder).map(name => join(folder, name))
    const verify = (...paths: string[]) =>
      spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], { encoding: 'utf8' })
    expect(
      verify(...files)
        .stderr.split('\n')
        .filter(line => line.includes(folder)),
    ).toEqual([])
    const wrong = join(folder, 'wrong.service')
    writeFileSync(wrong, '[Service]\nExecStart=/bin/true\nProtectSystm=strict\n')
    expect(verify(wrong).stderr).toContain('ProtectSystm')
  } finally {
    rmSync(folder, { recursive: true })
  }
})
