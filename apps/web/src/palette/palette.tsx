import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useKeyAccess } from '../session/use-key-access.ts'
import { FLOATING_ITEM } from '../ui/floating.ts'
import { ImageIcon, SearchIcon } from '../ui/icons.tsx'
import { type Command, type CommandGroup, matching } from './command.ts'
import { PaletteQuestion } from './palette-question.tsx'
import { type Question, useCommands } from './use-commands.tsx'
import { useFoundAssets } from './use-found-assets.ts'

/** Shows everything that can be done from everywhere: type, choose with the arrow keys, Enter. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const [isOpen, setOpen] = useState(true)
  const [question, setQuestion] = useState<Question | null>(null)
  const [text, setText] = useState('')
  const { groups, isSearching } = useGroups(text, setQuestion)

  function run(command: Command): void {
    setOpen(false)
    command.run()
  }
  if (question) return <PaletteQuestion question={question} onClose={onClose} />
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen} onOpenChangeComplete={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Popup
          data-testid="palette"
          className="fixed inset-x-3 top-[12dvh] z-40 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-clip rounded-3xl border border-line bg-surface text-ink shadow-card outline-none"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Autocomplete.Root
            inline
            open
            items={groups}
            filteredItems={groups}
            mode="none"
            value={text}
            onValueChange={setText}
            autoHighlight="always"
            itemToStringValue={({ label }: Command) => label}
          >
            <div className="flex items-center gap-3 border-b border-line px-5 text-muted">
              <SearchIcon />
              <Autocomplete.Input
                aria-label="Search assets and commands"
                placeholder="An asset, a page, a command"
                data-testid="palette-input"
                spellCheck={false}
                className="min-h-14 min-w-0 flex-1 bg-transparent text-base text-ink outline-none placeholder:text-muted"
              />
              <Dialog.Close className="rounded-md border border-line px-1.5 py-0.5 text-xs">
                <span className="sr-only">Close, </span>Esc
              </Dialog.Close>
            </div>
            <Autocomplete.Status className="sr-only">
              {isSearching ? 'Searching' : `${groups.reduce((sum, { items }) => sum + items.length, 0)} results`}
            </Autocomplete.Status>
            <Autocomplete.Empty>
              <p className="px-5 py-8 text-center text-sm text-muted empty:hidden">
                {isSearching ? 'Searching…' : 'Nothing has this name.'}
              </p>
            </Autocomplete.Empty>
            <Autocomplete.List className="min-h-0 flex-1 overflow-y-auto p-2 empty:hidden">
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.label} items={group.items}>
                  <Autocomplete.GroupLabel className="px-3 pt-3 pb-1 text-xs text-muted">
                    {group.label}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.id}
                        value={command}
                        onClick={() => run(command)}
                        data-testid="palette-item"
                        className={FLOATING_ITEM}
                      >
                        {command.icon}
                        <span className="min-w-0 flex-1 truncate">{command.label}</span>
                        {command.hint && <span className="text-xs text-muted">{command.hint}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
          <Limits />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function useGroups(text: string, ask: (question: Question) => void) {
  const navigate = useNavigate()
  const { denialOf } = useKeyAccess()
  const commands = useCommands(ask, text)
  const { assets, isSearching } = useFoundAssets(text, denialOf('read') === null)
  const found: Command[] = assets.map(({ id, filename, status }) => ({
    id,
    label: filename,
    icon: <ImageIcon />,
    hint: status,
    needs: 'read',
    run: () => void navigate({ to: '/assets/$assetId', params: { assetId: id } }),
  }))
  const groups = matching(commands, text)
  // An asset of this name is what somebody means who types a name; a page is one or two letters.
  return { groups: found.length > 0 ? [...groups, { label: 'Assets', items: found }] : groups, isSearching }
}

/** Says what is not offered, and why. */
function Limits() {
  const { access } = useKeyAccess()
  if (!access || access.isOperator) return null
  return (
    <p className="border-t border-line px-5 py-3 text-xs text-muted">
      This key may: {access.scopes.join(', ')}. What needs more is not offered.
    </p>
  )
}
