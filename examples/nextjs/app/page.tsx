import { Photos } from './photos'

// The address is read when the page is asked for, so that one build runs everywhere.
export const dynamic = 'force-dynamic'

export default function Page() {
  return <Photos url={process.env.DARKROOM_URL ?? 'http://127.0.0.1:3000'} />
}
