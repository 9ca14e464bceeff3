import { expect, it } from 'vitest'
import { MediaConfig, toLimits } from '../config.ts'
import { ffmpegArgs } from './run-ffmpeg.ts'

const limits = toLimits(MediaConfig.parse({ MAX_DURATION_SEC: '60' }))
const video = { file: '/job/source', type: 'video/mp4' }

/** Its standard input is closed as well, so no hostile file shows that this is gone. */
it('takes no commands from its standard input', () => {
  expect(ffmpegArgs({ ...video, args: ['out.mp4'] }, limits)[0]).toBe('-nostdin')
})

it('reads no more of any input than the longest video that is allowed', () => {
  const args = ffmpegArgs(
    {
      ...video,
      inputs: [
        ['-ss', '1'],
        ['-ss', '2'],
      ],
      args: [],
    },
    limits,
  )
  const inputs = args.join(' ').split(' -i file:/job/source').slice(0, -1)
  expect(inputs).toHaveLength(2)
  for (const input of inputs) expect(input).toMatch(/-t 60 -ss \d /)
})
