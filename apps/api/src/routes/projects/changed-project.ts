import type { Changed } from '../../audit/audited.ts'

/** Returns what the audit log says of a change of a project. */
export const changedProject = ({ id }: { id: string }): Changed => ({ target: id, projectId: id })
