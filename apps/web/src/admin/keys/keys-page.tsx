import { PageTitle } from '../../ui/page-title.tsx'
import { ProjectTabs } from '../projects/project-tabs.tsx'
import { KeySection } from './key-section.tsx'

/** Shows the page at `/projects/keys`: the keys of the current key's project. */
const KeysPage = () => (
  <>
    <ProjectTabs current="keys" />
    <PageTitle>Keys</PageTitle>
    <KeySection owner={null} title="API keys of this project" />
  </>
)

export default KeysPage
