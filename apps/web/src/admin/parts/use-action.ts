import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { AdminApi } from '../api/admin-api.ts'
import { useNotice } from './notice.tsx'
import { useAdmin } from './use-admin.ts'

/** Does something, says what came of it, and has everything on the page read anew. */
export function useAction<Input, Result>(
  act: (api: AdminApi, input: Input) => Promise<Result>,
  outcome: (result: Result) => string,
) {
  const { api } = useAdmin()
  const { say, fail } = useNotice()
  const queryClient = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: (input: Input) => act(api, input),
    networkMode: 'always',
    onSuccess: result => say(outcome(result)),
    onError: fail,
    // Even a failure may mean that what is shown is old.
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['admin'] }),
  })
  return { run: mutate, isPending }
}
