import type { NewRequest } from '../../../jobs/terms.js';
import type { Draft } from '../../views/draft.js';

/** The same as a typed command asks for. Undefined where something is missing in the form. */
export function newRequestOf(
  draft: Draft,
  by: Pick<NewRequest, 'requester' | 'language' | 'origin'>,
): NewRequest | undefined {
  const { channel, account, region, key, scope, instances, restart, reason } = draft;
  if (channel === undefined || account === undefined || region === undefined || key === undefined) return undefined;
  const named = scope === 'all' ? ('all' as const) : instances;
  return { ...by, channel, restart, reason, selections: [{ account, region, key, instances: named }] };
}
