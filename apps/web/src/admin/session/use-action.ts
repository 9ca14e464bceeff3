import type { Darkroom } from '@darkroom/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNotice } from '../../ui/notice.tsx'
import { adminKey } from './admin-key.ts'
import { useAdmin } from './use-admin.ts'

interface ActionOptions<Result> {
  /** Called with what came of it: to close the form, to show a secret. */
  onDone?: (result: Result) => void
  /** The failure is shown by whoever asked, from `error`, and not at the bottom of the window. */
  failsInPlace?: boolean
  /** Name of the only query that is read anew at once, where what came of it takes away what the others show. */
  rereads?: string
}

/** Does something, says what came of it, and has everything on the page read anew. */
export function useAction<Input, Result>(
  act: (darkroom: Darkroom, input: Input) => Promise<Result>,
  outcome: (result: Result, input: Input) => string,
  { onDone, failsInPlace = false, rereads }: ActionOptions<Result> = {},
) {
  const { clients, apiKey } = useAdmin()
  const { say, fail } = useNotice()
  const queryClient = useQueryClient()
  const { mutate, isPending, error } = useMutation({
    mutationFn: (input: Input) => act(clients.patient, input),
    networkMode: 'always',
    // What came of it may be a secret, which nothing keeps.
    gcTime: 0,
    onSuccess: (result, input) => {
      say(outcome(result, input))
      onDone?.(result)
    },
    onError: fault => {
      if (!failsInPlace) fail(fault)
    },
    // Even a failure may mean that what is shown is old.
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: ['admin'], refetchType: rereads ? 'none' : 'active' })
      if (rereads) await queryClient.invalidateQueries({ queryKey: adminKey(apiKey, rereads) })
    },
  })
  return { run: mutate, isPending, error }
}
