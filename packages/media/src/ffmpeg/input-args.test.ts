import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { globalArgs, inputArgs } from './input-args.ts'

const limits = toLimits(MediaConfig.parse({}))

/**
 * Several of these are second lines: with one of them missing another still holds, so no hostile file shows that it is
 * gone. This list does.
 */
it('opens every input with all bounds', () => {
  const args = [...globalArgs(limits), ...inputArgs({ file: '/job/source', type: 'video/mp4' }, limits)]
  const names = args.filter(arg => /^-[a-z]/.test(arg))
  expect(Object.fromEntries(names.map(name => [name, args[args.indexOf(name) + 1]]))).toMatchObject({
    '-max_alloc': '2147483647',
    '-protocol_whitelist': 'file',
    '-f': 'mov',
    '-format_whitelist': 'mov',
    '-codec_whitelist': expect.stringMatching(/^h264,/),
    '-max_pixels': '100000000',
    '-max_streams': '32',
    '-probesize': '50000000',
    '-analyzeduration': '10000000',
    '-i': 'file:/job/source',
  })
  expect(names.at(-1)).toBe('-i')
})

it('has no demuxer for what is none of its types', () => {
  expect(() => inputArgs({ file: '/job/source', type: 'application/vnd.apple.mpegurl' }, limits)).toThrow(
    'not used for',
  )
})
