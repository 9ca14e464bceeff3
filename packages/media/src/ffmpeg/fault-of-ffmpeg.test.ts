import { expect, it } from 'vitest'
import { faultOfFfmpeg, hasTooManyStreams } from './fault-of-ffmpeg.ts'

it.each([
  ['[mp4 @ 0x55d1] [error] Error writing trailer: No space left on device', 'NO_SPACE'],
  ['[error] av_interleaved_write_frame(): File too large', 'OUTPUT_TOO_LARGE'],
  ['[h264 @ 0x1] [error] Image size 16384x16384 exceeds specified max pixel count 1', 'TOO_MANY_PIXELS'],
  ['[mpegts @ 0x1] [error] Number of streams exceeds max_streams parameter (32), see the', 'TOO_MANY_STREAMS'],
  ["[AVFilterGraph @ 0x1] [error] No such filter: 'zscale'", 'DECODER_UNAVAILABLE'],
  ['[mov,mp4,m4a,3gp,3g2,mj2 @ 0x1] [error] moov atom not found', 'TRUNCATED_FILE'],
  ["[ffv1 @ 0x1] [error] Codec (ffv1) not on whitelist 'h264'", 'UNSUPPORTED_TYPE'],
  ['[error] file:/secret/place: Invalid data found when processing input', 'CORRUPT_FILE'],
  ['[info]   title : No space left on device', 'CORRUPT_FILE'],
  ['[info]   title : x\n[info]    : [error] y: No space left on device', 'CORRUPT_FILE'],
  ['', 'CORRUPT_FILE'],
])('%s is %s', (stderr, code) => {
  expect(faultOfFfmpeg(stderr, 1, null).code).toBe(code)
})

it.each([
  ['SIGXFSZ', 'OUTPUT_TOO_LARGE'],
  ['SIGSEGV', 'WORKER_CRASHED'],
  ['SIGABRT', 'WORKER_CRASHED'],
  ['SIGKILL', 'WORKER_CRASHED'],
  ['SIGXCPU', 'RESOURCE_LIMIT'],
])('ended by %s is %s', (signal, code) => {
  expect(faultOfFfmpeg('', null, signal).code).toBe(code)
})

it('what it says is for the log, and no path of ours is in it', () => {
  const { message, cause } = faultOfFfmpeg('[error] file:/secret/place: Invalid data found', 1, null)
  expect([message, cause]).toEqual(['The file is damaged', 'ffmpeg: Invalid data found'])
})

it('a tag that speaks of streams is no error', () => {
  expect(hasTooManyStreams('[info] title : Number of streams exceeds')).toBe(false)
})
