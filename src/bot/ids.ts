import type { Request } from '../jobs/request.js';

/** Names that Slack sends back to us. Messages that were posted long ago carry them: never change one. */

export const COMMAND = '/detach-key';

export const ACTIONS = {
  approve: 'approve',
  deny: 'deny',
  cancel: 'cancel',
  retryFailed: 'retry_failed',
  restart: 'restart',
  requestLeftOut: 'request_left_out',
  showInstances: 'show_instances',
  requestAll: 'request_all',
  historyOlder: 'history_older',
  /** Opens the form, wherever the button stands. */
  openForm: 'open_form',
} as const;

/** What turns the pages of the list of all instances. */
export const LIST_ACTIONS = {
  filter: 'instances_filter',
  previous: 'instances_previous',
  next: 'instances_next',
} as const;

/** Global shortcuts, by `callback_id`. */
export const SHORTCUTS = { openForm: 'open_form' } as const;

/** `callback_id` of our forms. */
export const VIEWS = {
  deny: 'deny',
  form: 'detach_form',
  preview: 'detach_preview',
  requestAll: 'request_all',
  goOn: 'go_on',
} as const;

/** Fields of the form that asks for a request, by `action_id`. */
export const FIELDS = {
  channel: 'form_channel',
  account: 'form_account',
  region: 'form_region',
  key: 'form_key',
  scope: 'form_scope',
  instances: 'form_instances',
  restart: 'form_restart',
  reason: 'form_reason',
} as const;
export type Field = keyof typeof FIELDS;

/** `event_type` of the metadata that marks our own messages. Any app may read it, and write its own. */
export const METADATA = {
  root: 'detach_key_request',
  told: 'detach_key_told',
  noFiles: 'detach_key_no_files',
} as const;

/** Which request a button stands for, and which plan its reader saw. */
export type ButtonValue = { id: string; digest: string };

const VALUE = /^([0-9A-Za-z-]{1,64})\.([0-9a-f]{64})$/;
const WITHOUT_PLAN = /^([0-9A-Za-z-]{1,64})\.$/;

export function encodeDecision(request: Pick<Request, 'id' | 'plan'>): string {
  return `${request.id}.${request.plan?.digest ?? ''}`;
}

export function decodeDecision(value: unknown): ButtonValue | undefined {
  const [, id, digest] = (typeof value === 'string' && VALUE.exec(value)) || [];
  return id === undefined || digest === undefined ? undefined : { id, digest };
}

/** For what is done to a request whatever its plan is: one that was rejected has none. */
export function decodeRequest(value: unknown): string | undefined {
  return decodeDecision(value)?.id ?? (typeof value === 'string' ? WITHOUT_PLAN.exec(value)?.[1] : undefined);
}

/** Which part of the history a button goes on with. */
export type OlderValue = { after: string; accounts: readonly string[]; users: readonly string[] };

export function encodeOlder({ after, accounts, users }: OlderValue): string {
  const value = new URLSearchParams({ after });
  for (const account of accounts) value.append('account', account);
  for (const user of users) value.append('user', user);
  return value.toString();
}

export function decodeOlder(value: unknown): OlderValue | undefined {
  const read = new URLSearchParams(typeof value === 'string' ? value : '');
  const after = read.get('after');
  return after === null ? undefined : { after, accounts: read.getAll('account'), users: read.getAll('user') };
}
