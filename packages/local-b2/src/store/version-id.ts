import { randomBytes } from 'node:crypto'

/** Creates an opaque id in the shape of B2's: `4_z<bucket>_f<file>_d<date>_m<time>_c000_v0001000_t0000_u<millis>`. */
export function mintVersionId(bucketB2Id: string, now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T')
  const day = date.replaceAll('-', '')
  const clock = time.slice(0, 8).replaceAll(':', '')
  const file = `1${randomBytes(8).toString('hex')}`
  return `4_z${bucketB2Id}_f${file}_d${day}_m${clock}_c000_v0001000_t0000_u${String(now).padStart(14, '0')}`
}
