import { expect, it } from 'vitest'
import { splitPackets } from './split-packets.ts'

const PACKETS = [
  '        { "stream_index": 0, "pts_time": "0.000000", "flags": "K_" },',
  '        { "stream_index": 1, "pts_time": "0.000000", "flags": "KD",',
  '            "side_data_list": [',
  '                {  }',
  '            ] }',
]
const ABOUT = { streams: [{ index: 0, tags: { title: '    "packets": [ € 第' } }], format: { duration: '1.0' } }

const OUTPUT = Buffer.from(
  [
    '{',
    '    "packets": [',
    ...PACKETS,
    '    ],',
    '    "streams": [',
    ...ABOUT.streams.map(stream => `        ${JSON.stringify(stream)}`),
    '    ],',
    `    "format": ${JSON.stringify(ABOUT.format)}`,
    '}',
    '',
  ].join('\n'),
)

it('finds the packets and what comes behind them, wherever the output is cut into chunks', () => {
  for (let bytes = 1; bytes <= OUTPUT.length; bytes++) {
    const lines: string[] = []
    const about: Buffer[] = []
    const hear = splitPackets(
      line => lines.push(line),
      chunk => about.push(chunk),
    )
    for (let at = 0; at < OUTPUT.length; at += bytes) hear(OUTPUT.subarray(at, at + bytes))
    expect(lines.filter(line => line.includes('stream_index'))).toEqual(
      PACKETS.filter(line => line.includes('stream_index')),
    )
    expect(JSON.parse(Buffer.concat(about).toString())).toEqual(ABOUT)
  }
})
