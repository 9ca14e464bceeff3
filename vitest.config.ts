import { defineConfig } from 'vitest/config'
import { LongestFirst } from './scripts/longest-first.ts'

// What waits for real processes can be late on a busy CI machine; the report names a test that needed its second try.
const RETRIES = process.env.CI ? 1 : 0

// Files of either project run side by side: each has databases, processes, ports and folders of its own, and while some
// wait for time to pass or for a process to start, others work. vitest wants the same number of both.
const AT_ONCE = 4

// Tests end connections as well, and the driver as it is published then ends the process: they run with the one that is
// patched, like the product. See docs/decisions/0011.
const setupFiles = ['packages/db/src/client/postgres-js.ts']

// `npm run test:long` takes all samples that there are, everything else some of each kind.
const provide = { isLongForm: process.env.DARKROOM_TEST_LONG === 'true' }

// Unit tests sit beside the code and touch nothing outside the process; integration tests use real Postgres, Redis,
// object store, sharp and ffmpeg; e2e speaks HTTP and drives a real browser.
export default defineConfig({
  test: {
    passWithNoTests: false,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          // None of them waits, but a busy machine lets them.
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // They keep nothing outside themselves, and loading every module anew for each file takes three times as long.
          isolate: false,
          setupFiles,
          include: ['{apps,packages}/**/src/**/*.test.{ts,tsx}', '{scripts,chaos/src}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'integration',
          retry: RETRIES,
          provide,
          include: ['{apps,packages}/*/test/**/*.test.ts', 'bench/test/**/*.test.ts'],
          setupFiles,
          globalSetup: ['packages/testing/src/global-setup.ts'],
          // A test that hangs ends; one that a busy machine makes slow does not: at load 20 some take more than a minute.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // What a test needs of its own (a database, a store, processes) it starts itself; modules keep nothing of it.
          isolate: false,
          // So that a spy which a failed test left behind does not reach the next file.
          restoreMocks: true,
          // As long as another process of a busy machine may take; vitest would wait for one second.
          expect: { poll: { timeout: 60_000 } },
          maxWorkers: AT_ONCE,
          // Requests and rows live for a moment, and the garbage collector would be a tenth of the work.
          execArgv: ['--max-semi-space-size=64'],
        },
      },
      {
        test: {
          name: 'e2e',
          retry: RETRIES,
          provide,
          include: ['e2e/*.test.ts', 'chaos/test/**/*.test.ts'],
          setupFiles,
          globalSetup: ['packages/testing/src/global-setup.ts', 'e2e/harness/prepared-home.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // As long as a page or a process of a busy machine may take; vitest would wait for one second.
          expect: { poll: { timeout: 120_000 } },
          // What a test needs of its own is processes; the modules keep nothing of it, and loading them takes a second of CPU.
          isolate: false,
          maxWorkers: AT_ONCE,
        },
      },
      {
        test: {
          // `npm run test:containers`: needs a Docker engine, so it is no part of `npm test`.
          name: 'containers',
          include: ['e2e/containers/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          // `npm run test:cloudflare`: needs workerd, so it is no part of `npm test`.
          name: 'cloudflare',
          include: ['deploy/cloudflare/test/*.test.ts'],
          // A test that hangs ends; one that a busy machine makes slow does not: at load 20 some take more than a minute.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          // `npm run test:examples`: installs and builds Next.js, so it is no part of `npm test`.
          name: 'examples',
          provide,
          include: ['e2e/examples/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 600_000,
          expect: { poll: { timeout: 60_000 } },
        },
      },
      {
        test: {
          // `npm run test:chart`: needs Helm, so it is no part of `npm test`.
          name: 'chart',
          include: ['deploy/helm/tools/*.test.ts'],
          testTimeout: 60_000,
        },
      },
    ],
  },
})
