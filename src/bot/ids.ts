import type { Request } from '../jobs/request.js';

/** Names that Slack sends back to us. Messages that were posted long ago carry them: never change one. */

export const COMMAND = '/detach-key';

export const ACTIONS = {
  approve: 'approve',
  deny: 'deny',
  cancel: 'cancel',
  retryFailed: 'retry_failed',
  restart: 'restart',
  showInstances: 'show_instances',
  requestAll: 'request_all',
} as const;

/** `callback_id` of our forms. */
export const VIEWS = { deny: 'deny' } as const;

/** `event_type` of the metadata that marks our own messages. Any app may read it, and write its own. */
export const METADATA = { root: 'detach_key_request', told: 'detach_key_told' } as const;

/** Which request a button stands for, and which plan its reader saw. */
export type ButtonValue = { id: string; digest: string };

const VALUE = /^([0-9A-Za-z-]{1,64})\.([0-9a-f]{64})$/;

export function encodeDecision(request: Pick<Request, 'id' | 'plan'>): string {
  return `${request.id}.${request.plan?.digest ?? ''}`;
}

export function decodeDecision(value: unknown): ButtonValue | undefined {
  const [, id, digest] = (typeof value === 'string' && VALUE.exec(value)) || [];
  return id === undefined || digest === undefined ? undefined : { id, digest };
}
