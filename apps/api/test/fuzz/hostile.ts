import fc from 'fast-check'

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

/** What no field expects: other types, other lengths, text that is none, times that are none. */
const VALUES: unknown[] = [
  ...[null, true, false, {}, [], [[]], [null], { id: null }, nested(1000)],
  ...[0, -0, -1, 1, 1.5, 201, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e300, 5e-324],
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202egpj.exe',
    '\ufeff',
    '\r\nx-injected: 1',
    '👩‍👩‍👧‍👦',
    'e\u0301',
    'ﷺ',
  ],
  ...['null', '0', '-1', '1e3', '0x10', '१', 'NaN', 'Infinity', '٣', '1,2', 'true'],
  ...["' OR 1=1; --", '$1', '%', '_', '\\', '{}', '{a,"b', '..', '../../etc/passwd', 'C:\\con', '//x', '/', '*'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '<script>alert(1)</script>', '{{7*7}}'],
  ...['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', 'not-a-uuid'],
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-02-30T00:00:00Z'],
  ...[
    '2026-11-21T00:00:00',
    '2026-11-21T00:00:00+23:59',
    '2026-11-21',
    '+275760-09-13T00:00:00Z',
    '-000001-01-01T00:00:00Z',
  ],
  ...[
    'javascript:alert(1)',
    'http://169.254.169.254/',
    'http://[::1]/',
    'ftp://x',
    'https://user:pass@example.com',
    'https://ex ample',
  ],
  ...['a'.repeat(64), 'ü'.repeat(300), 'x'.repeat(5000), 'Ā'.repeat(20_000)],
]

/** Any one of what no field expects. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.double() },
)

export const hostileText: fc.Arbitrary<string> = hostileValue.map(value =>
  typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
)

/** Bodies that are no JSON, or none that anybody wants. */
export const hostileBody: fc.Arbitrary<Buffer> = fc.constantFrom(
  ...['', ' ', '{', '{}', '[]', 'null', '"x"', '7', '1e400', '{"a":1,}', '{"a":1,"a":2}', '\ufeff{}', 'a=b&c=d'].map(
    text => Buffer.from(text),
  ),
  ...[
    '{"__proto__":{"isAdmin":true}}',
    '{"constructor":{"prototype":{}}}',
    `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`,
    `${'['.repeat(120_000)}${']'.repeat(120_000)}`,
  ].map(text => Buffer.from(text)),
  Buffer.from([0xff, 0xfe, 0x00]),
  Buffer.concat([Buffer.from('{"filename":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
  Buffer.alloc(300_000, 'x'),
)

interface Place {
  holder: Record<string | number, unknown>
  key: string | number
}

/** Changes one place of a valid value: removes it, replaces it, or adds an unknown field. */
export const spoiled = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .record({
      value: valid,
      at: fc.nat(),
      by: hostileValue,
      how: fc.constantFrom('remove', 'replace', 'replace', 'add'),
    })
    .map(({ value, at, by, how }) => {
      const root = { '': structuredClone(value) }
      const places = placesIn(root)
      const { holder, key } = places[at % places.length] as Place
      if (how === 'replace') holder[key] = by
      else if (how === 'add' && isObject(holder[key])) (holder[key] as Record<string, unknown>).unknownField = by
      else if (Array.isArray(holder)) holder.splice(Number(key), 1)
      else delete holder[key]
      return root['']
    })

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

function placesIn(holder: Record<string | number, unknown>): Place[] {
  return Object.entries(holder).flatMap(([key, child]) => [
    { holder, key },
    ...(isObject(child) ? placesIn(child as Record<string, unknown>) : []),
  ])
}
