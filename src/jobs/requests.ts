import type { Decision, Refusal } from './decide.js';
import type { Language, Selection } from './events.js';
import type { Person } from './policy.js';
import type { Request } from './request.js';

export type NewRequest = {
  /** What it is made from (one slash command, one form): the same origin never makes a second request. */
  origin: string;
  requester: Person;
  channel: string;
  language: Language;
  restart: boolean;
  reason: string;
  /** `region` left out: the account's only one. */
  selections: readonly (Omit<Selection, 'region'> & { region?: string })[];
};

/** Why a request is not taken. Told to the requester alone. */
export type CreateRefusal =
  | { code: 'unknown-account'; account: string; known: readonly string[] }
  | { code: 'region-needed'; account: string; regions: readonly string[] }
  | { code: 'unknown-region'; account: string; region: string; regions: readonly string[] }
  | { code: 'wrong-channel'; account: string; channels: readonly string[] }
  | { code: 'no-policy'; account: string }
  | { code: 'not-a-requester'; account: string }
  | { code: 'too-many'; count: number; max: number };

export type Created =
  | { ok: true; request: Request; isNew: boolean }
  | { ok: false; refusals: readonly CreateRefusal[] };

export type Decided = { ok: true; request: Request } | { ok: false; refusal: Refusal | { code: 'unknown-request' } };
export type { Decision };

export type Requests = {
  create(input: NewRequest): Promise<Created>;
  approve(id: string, by: Person, digest: string): Promise<Decided>;
  deny(id: string, by: Person, digest: string): Promise<Decided>;
  cancel(id: string, by: Person): Promise<Decided>;
  /** Ids are not case sensitive; undefined where there is no such request. */
  get(id: string): Promise<Request | undefined>;
  /** Requests that are not at an end, newest first. */
  listOpen(): Promise<readonly Request[]>;
};
