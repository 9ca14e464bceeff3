import { PageTitle } from '../../ui/page-title.tsx'
import { KeySection } from './key-section.tsx'

/** The page at `/admin/keys`: the keys of the project that this one belongs to. */
export const KeysPage = () => (
  <>
    <PageTitle>Keys</PageTitle>
    <KeySection owner={null} title="API keys of this project" />
  </>
)
