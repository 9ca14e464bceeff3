import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { FIELD } from '../../ui/field.ts'
import { isUuid } from '../filter/job-filter.ts'

/** Leads from a pasted id to its explanation. */
export function SearchBox() {
  const id = useId()
  const [isWrong, setWrong] = useState(false)
  const navigate = useNavigate()

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const text = String(new FormData(event.currentTarget).get('id')).trim().toLowerCase()
    setWrong(!isUuid(text))
    if (!isUuid(text)) return
    event.currentTarget.reset()
    void navigate({ to: '/operations/assets/$assetId', params: { assetId: text }, search: true })
  }

  return (
    <search className="w-full sm:w-96">
      <form onSubmit={onSubmit} className="flex gap-2" data-testid="search-form">
        <label htmlFor={id} className="sr-only">
          Asset or job id
        </label>
        <input
          id={id}
          name="id"
          type="search"
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="Paste an asset id"
          data-testid="search-id"
          aria-invalid={isWrong || undefined}
          aria-describedby={isWrong ? `${id}-wrong` : undefined}
          className={FIELD}
        />
        <Button look="secondary" type="submit">
          Explain
        </Button>
      </form>
      {isWrong && (
        <p id={`${id}-wrong`} role="alert" className="mt-1 text-sm text-bad">
          This is not a valid id. An id has 32 hexadecimal digits in five groups.
        </p>
      )}
    </search>
  )
}
