import { link, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { cpuBetween, sumOf, watchProcesses } from '../measure/process-watch.ts'
import { type Spread, spread } from '../measure/statistics.ts'
import { say } from '../progress.ts'
import { checkSame } from './check-same.ts'
import type { Input, Maker } from './maker.ts'

interface Run {
  seconds: number
  cpuSeconds: number
  startSeconds: number
}

export interface Comparison {
  kind: string
  /** What was worked on. */
  inputs: string[]
  /** Files made of all inputs together. */
  outputs: number
  runs: number
  darkroom: Figures
  bare: Figures & { label: string }
  /** Of Darkroom's seconds: until its processes were ready, one for each input. */
  startSeconds: Spread
  /** Bare over Darkroom within one run: 1 is as fast, less is slower. */
  ratio: Spread
  cpuRatio: Spread
  ratios: number[]
}

interface Figures {
  seconds: Spread
  cpuSeconds: Spread
}

interface CompareOptions {
  kind: string
  inputs: readonly Input[]
  darkroom: Maker
  bare: Maker
  runs: number
  tempDir: string
}

/**
 * Compares two makers of the same files in turns. Each run begins with the other one, so that a busy moment affects
 * both alike.
 */
export async function compare({ kind, inputs, darkroom, bare, runs, tempDir }: CompareOptions): Promise<Comparison> {
  const makers = [darkroom, bare]
  const figures = new Map(makers.map(({ id }) => [id, [] as Run[]]))
  await checkSame(inputs, darkroom, bare, join(tempDir, `check-${kind}`))
  for (let index = 0; index < runs; index++) {
    for (const maker of index % 2 === 0 ? makers : makers.toReversed()) {
      const run = await timed(maker, inputs, join(tempDir, `run-${kind}`))
      figures.get(maker.id)?.push(run)
      say(`${kind} ${index + 1}/${runs}: ${run.seconds.toFixed(2)} s  ${maker.label}`)
    }
  }
  const [ours, theirs] = makers.map(({ id }) => figures.get(id) ?? []) as [Run[], Run[]]
  const quotients = (of: keyof Run) => ours.map((run, index) => (theirs[index]?.[of] ?? Number.NaN) / run[of])
  return {
    kind,
    inputs: inputs.map(({ name }) => name),
    outputs: inputs.reduce((sum, { variants }) => sum + variants.length, 0),
    runs,
    darkroom: summary(ours),
    bare: { label: bare.label, ...summary(theirs) },
    startSeconds: spread(ours.map(({ startSeconds }) => startSeconds)),
    ratio: spread(quotients('seconds')),
    cpuRatio: spread(quotients('cpuSeconds')),
    ratios: quotients('seconds'),
  }
}

const summary = (runs: readonly Run[]): Figures => ({
  seconds: spread(runs.map(({ seconds }) => seconds)),
  cpuSeconds: spread(runs.map(({ cpuSeconds }) => cpuSeconds)),
})

async function timed(maker: Maker, inputs: readonly Input[], folder: string): Promise<Run> {
  const watch = watchProcesses([process.pid])
  try {
    const before = watch.cpuMs()
    let ms = 0
    let startMs = 0
    for (const [index, input] of inputs.entries()) {
      const workDir = join(folder, String(index))
      await prepare(input, workDir)
      const startedMs = performance.now()
      startMs += await maker.make(input, workDir)
      ms += performance.now() - startedMs
      await rm(workDir, { recursive: true })
    }
    const cpuSeconds = sumOf(cpuBetween(before, watch.cpuMs())) / 1000
    return { seconds: ms / 1000, cpuSeconds, startSeconds: startMs / 1000 }
  } finally {
    watch.stop()
  }
}

/** Prepares an empty folder with a link to the input, as a job finds it when its source was downloaded. */
export async function prepare({ file, name }: Input, workDir: string): Promise<void> {
  await mkdir(workDir, { recursive: true })
  await link(file, join(workDir, name))
}
