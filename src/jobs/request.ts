import type { Outcome } from '../providers/answers.js';
import type { KeyPairAction } from '../providers/contract.js';
import type { Escalation } from './awaiting-events.js';
import type {
  ActionStep,
  After,
  CallFault,
  EventOf,
  Language,
  PlanGroup,
  PlannedTarget,
  RequestEvent,
  Selection,
  ThreadSetting,
  Warning,
} from './events.js';
import type { Halving } from './halving.js';
import type { Rejection, Unplannable, Unread } from './planning/events.js';

/** What a request is. `evolve.ts` makes it from its events alone; `decide.ts` says which events come next. */

export type RequestState =
  | 'none'
  | 'planning'
  | 'awaiting-approval'
  | 'running'
  | 'finished'
  | 'rejected'
  | 'denied'
  | 'expired'
  | 'cancelled';

export type TransitionRow = Partial<Record<RequestEvent['type'], RequestState>>;

/** `state -> event -> state`. What is not in the table cannot happen; the ends have no rows. */
export const TRANSITIONS = {
  none: { requested: 'planning' },
  planning: {
    surveyed: 'planning',
    unread: 'planning',
    'left-out': 'planning',
    planned: 'awaiting-approval',
    rejected: 'rejected',
    cancelled: 'cancelled',
  },
  'awaiting-approval': {
    approved: 'awaiting-approval',
    looking: 'awaiting-approval',
    'looked-away': 'awaiting-approval',
    notified: 'awaiting-approval',
    reminded: 'awaiting-approval',
    escalated: 'awaiting-approval',
    started: 'running',
    denied: 'denied',
    expired: 'expired',
    cancelled: 'cancelled',
  },
  running: {
    batched: 'running',
    begun: 'running',
    called: 'running',
    stepped: 'running',
    settled: 'running',
    halted: 'running',
    paused: 'running',
    resumed: 'running',
    stranded: 'running',
    finished: 'finished',
    cancelled: 'cancelled',
  },
  finished: {},
  rejected: {},
  denied: {},
  expired: {},
  cancelled: {},
} as const satisfies Record<RequestState, TransitionRow>;

export type Target = PlannedTarget & {
  group: number;
  /** How many of its steps are behind it. */
  done: number;
  /** It was running, and we stopped it: it is started again whatever comes. */
  stoppedByUs: boolean;
  /** Its key pair was read back as detached, or as attached. */
  verified: boolean;
  /** What it will be told as once it runs again. */
  verdict?: Outcome;
};

export type Batch = {
  id: string;
  group: number;
  step: ActionStep;
  instances: readonly string[];
  /** Those that have no result of this step yet. */
  pending: ReadonlySet<string>;
  formedAt: number;
  /** From when its patience counts: it was formed, or its account went on. */
  since: number;
  /** How often the cloud was called, or may have been; 0 until begun. Only what carries the newest is taken. */
  epoch: number;
  begunAt: number;
  /** The newest call of each instance that some call was made for, or may have been. */
  calls: ReadonlyMap<string, LastCall>;
  halving: Halving;
  /** Those of a start that people were told of: still off. */
  stranded: ReadonlySet<string>;
  /** When the answer to the newest epoch's call was noted; left out while nobody knows of one. */
  answeredAt?: number;
};

/** The newest call that an instance was in. */
export type LastCall = {
  begunAt: number;
  /** When its answer was noted; left out while nobody knows of one. */
  at?: number;
  /** What the cloud calls it. */
  operation?: string;
  /** Left out where the cloud took it. */
  fault?: CallFault;
  /** How many calls in a row put this instance off; none of them while its account let nobody in. */
  putOffs: number;
  /** How many of its calls were answered: a repeated write is the same write only until it was. */
  answers: number;
  /** The answer to this or an earlier call leaves open that it was done. */
  mayBeDone: boolean;
  /** When a call for it alone was begun last; left out where there was none. */
  aloneAt?: number;
};

/** What keeps an account from going on; over where `overAt` is there. */
export type Pause = Omit<EventOf<'paused'>, 'type' | 'account'> & { at: number; overAt?: number };

export type Approval = { by: string; accounts: readonly string[]; at: number };

export type Request = {
  id: string;
  /** Version of the last entry; 0 before the first. */
  version: number;
  state: RequestState;
  origin: string;
  requester: string;
  channel: string;
  language: Language;
  thread?: ThreadSetting;
  /** What is done with the key pair. */
  action: KeyPairAction;
  restart: boolean;
  reason: string;
  selections: readonly Selection[];
  warnings?: readonly Warning[];
  after?: After;
  /** By the selection's place; a hole until it was surveyed, and where it was left out. */
  groups: readonly (PlanGroup | undefined)[];
  /** By the selection's place: why it could not be read, the last time that something new was said of it. */
  unread: ReadonlyMap<number, Omit<Unread, 'selection'>>;
  /** By the selection's place: why the plan is made without it. */
  leftOut: ReadonlyMap<number, Unplannable>;
  plan?: Omit<EventOf<'planned'>, 'type'>;
  approvals: readonly Approval[];
  /** Those who said that they are at it. */
  looking: readonly string[];
  notified: boolean;
  reminded: boolean;
  escalations: readonly Escalation[];
  rejection?: Rejection;
  /** Who denied, cancelled or halted it. */
  endedBy?: string;
  /** When somebody last approved, denied or cancelled it. */
  decidedAt?: number;
  /** Why it was denied, in that person's words. */
  denial?: string;
  halted: boolean;
  /** By `targetKey`. */
  targets: ReadonlyMap<string, Target>;
  outcomes: ReadonlyMap<string, Outcome>;
  batches: ReadonlyMap<string, Batch>;
  /** By account: the last one each. */
  pauses: ReadonlyMap<string, Pause>;
  createdAt: number;
  changedAt: number;
};

export const isAtEnd = (request: Pick<Request, 'state'>): boolean =>
  request.state !== 'none' && Object.keys(TRANSITIONS[request.state]).length === 0;

export const targetKey = (group: number, instanceId: string): string => `${group}/${instanceId}`;

export function emptyRequest(id: string): Request {
  return {
    id,
    version: 0,
    state: 'none',
    origin: '',
    requester: '',
    channel: '',
    language: 'en',
    action: 'detach',
    restart: false,
    reason: '',
    selections: [],
    groups: [],
    unread: new Map(),
    leftOut: new Map(),
    approvals: [],
    looking: [],
    notified: false,
    reminded: false,
    escalations: [],
    halted: false,
    targets: new Map(),
    outcomes: new Map(),
    batches: new Map(),
    pauses: new Map(),
    createdAt: 0,
    changedAt: 0,
  };
}
