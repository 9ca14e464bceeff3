import { useState } from 'react'

/** Returns what a form does when it is sent: it closes when that is done, and says why it was not. */
export function useSubmit(work: (form: FormData) => Promise<void>, onDone: () => void) {
  const [action, setAction] = useState<{ isPending: boolean; error: Error | null }>({ isPending: false, error: null })
  async function submit(form: FormData): Promise<void> {
    setAction({ isPending: true, error: null })
    try {
      await work(form)
      onDone()
    } catch (error) {
      setAction({ isPending: false, error: error as Error })
    }
  }
  return { action, onSubmit: (form: FormData) => void submit(form) }
}
