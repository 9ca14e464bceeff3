// Runs in the container of a worker, with its environment: `node --input-type=module - <object url>`. Starts what a taken-over decoder could run, once
// in the sandbox that the worker chooses and once without one, and prints what each of them reached.
import { spawnSync } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'

const MEDIA = '/app/packages/media/src'
const { findIsolation } = await import(`${MEDIA}/sandbox/isolation.ts`)
const { MediaConfig, toLimits } = await import(`${MEDIA}/config.ts`)

const OBJECT = new URL(process.argv[2] ?? '')
const [own, other] = ['own', 'other'].map(name => `/temp/darkroom/hostile-${process.pid}/${name}`)
for (const folder of [own, other]) mkdirSync(folder, { recursive: true })
writeFileSync(`${other}/source`, 'the file of another job')

// Addresses, because a decoder might know them: names are not its only way.
const address = async name => (await lookup(name)).address
const targets = {
  database: { host: await address('postgres'), port: 5432 },
  store: { host: await address('store'), port: 9000 },
  worker: process.pid,
  otherFile: `${other}/source`,
  object: `http://${await address('store')}:9000${OBJECT.pathname}`,
}

const DECODER = `
const { readFileSync } = require('node:fs')
const { connect } = require('node:net')
const targets = ${JSON.stringify(targets)}
const attempt = async act => { try { return await act() } catch (error) { return 'refused: ' + (error.cause?.code ?? error.code ?? error.message) } }
const reach = target => new Promise((resolve, reject) => connect(target, () => resolve('reached')).on('error', reject))
const environ = pid => readFileSync('/proc/' + pid + '/environ', 'latin1').includes('DARKROOM_SECRET=') ? 'read' : 'nothing'
const main = async () => console.log(JSON.stringify({
  database: await attempt(() => reach(targets.database)),
  store: await attempt(() => reach(targets.store)),
  environment: await attempt(() => environ(targets.worker)),
  ownEnvironment: process.env.DARKROOM_SECRET === undefined ? 'nothing' : 'read',
  otherJob: await attempt(() => readFileSync(targets.otherFile, 'utf8')),
  otherTenant: await attempt(async () => (await (await fetch(targets.object)).arrayBuffer()).byteLength > 0 ? 'read' : 'nothing'),
}))
main().finally(() => process.exit())
`

function decode(prefix, env) {
  const [program, ...args] = [...prefix, process.execPath, '-e', DECODER]
  const { stdout, stderr } = spawnSync(program, args, { env, cwd: '/', encoding: 'utf8' })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

const limits = toLimits(MediaConfig.parse({}))
const isolation = await findIsolation({ limits, sandbox: 'auto', tools: null, folder: own })
console.log(
  JSON.stringify({
    level: isolation.level,
    inSandbox: decode(isolation.prefix({ folder: own }), {}),
    without: decode([], process.env),
  }),
)
rmSync(`/temp/darkroom/hostile-${process.pid}`, { recursive: true })
