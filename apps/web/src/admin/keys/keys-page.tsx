import { PageTitle } from '../../ui/page-title.tsx'
import { KeySection } from './key-section.tsx'

/** Shows the page at `/admin/keys`: the keys of the current key's project. */
export const KeysPage = () => (
  <>
    <PageTitle>Keys</PageTitle>
    <KeySection owner={null} title="API keys of this project" />
  </>
)
