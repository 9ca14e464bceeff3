import { MissingScope } from '../admin/session/missing-scope.tsx'
import { PageTitle } from '../ui/page-title.tsx'

/** Shows which scope the key lacks, in place of a page. */
const NoScope = ({ title, reason }: { title: string; reason: string }) => (
  <>
    <PageTitle>{title}</PageTitle>
    <MissingScope reason={reason} />
  </>
)

export default NoScope
