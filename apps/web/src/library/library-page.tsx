import { QuickLookArea } from '../asset-page/quick-look-area.tsx'
import { useLibrary } from '../hooks/use-library.ts'
import { Empty } from '../ui/empty.tsx'
import { PageTitle } from '../ui/page-title.tsx'
import { Library } from './library.tsx'

/** Only the page of uploads shows some assets elsewhere. */
const NOWHERE_ELSE: ReadonlySet<string> = new Set()

/** Shows the page at `/library`. */
export default function LibraryPage() {
  const library = useLibrary(NOWHERE_ELSE)
  return (
    <>
      <PageTitle>Library</PageTitle>
      <QuickLookArea>
        <Library {...library} />
      </QuickLookArea>
      {library.isComplete && library.items.length === 0 && (
        <Empty testId="empty-library" title="No assets yet" text="What you upload appears here." />
      )}
    </>
  )
}
