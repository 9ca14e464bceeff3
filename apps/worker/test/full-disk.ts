import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  folder: string
  /** Gives it more room, as somebody who cleans up would. */
  grow(): void
  [Symbol.dispose](): void
}

const mount = (...args: string[]) => spawnSync('mount', args, { encoding: 'utf8' })

/** Mounts a small file system that is soon full. @returns the reason when it cannot: only root may mount */
export function mountSmallDisk(size: string): SmallDisk | string {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-small-disk-'))
  const { status, stderr, error } = mount('-t', 'tmpfs', '-o', `size=${size}`, 'none', folder)
  if (status !== 0) {
    rmSync(folder, { recursive: true })
    return `a small disk cannot be mounted: ${error?.message ?? stderr.trim()}`
  }
  return {
    folder,
    grow: () => void mount('-o', 'remount,size=128m', folder),
    [Symbol.dispose]() {
      spawnSync('umount', ['--lazy', folder])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
