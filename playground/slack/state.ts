import { makeGate } from '../gate.js';
import type { ApiCall, Ephemeral, Message, StoredFile, View } from './model.js';
import { makeResponseUrls, type ResponseUrls } from './response-urls.js';
import { makeTriggers, type Triggers } from './triggers.js';
import type { Workspace } from './workspace.js';

/** All that the local Slack knows, and the one clock and the one counter that everything is numbered by. */
export type State = {
  readonly origin: string;
  readonly workspace: Workspace;
  now(): number;
  /** By channel, oldest first, replies among them. */
  readonly messages: Map<string, Message[]>;
  readonly ephemerals: Ephemeral[];
  readonly views: View[];
  readonly files: Map<string, StoredFile>;
  readonly calls: ApiCall[];
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  /** Larger than every one before. */
  newTs(): string;
  newId(prefix: string): string;
  changed(): void;
  /** Resolves at the next change. */
  nextChange(): Promise<void>;
};

export function makeState(origin: string, workspace: Workspace, now: () => number): State {
  let lastMicros = 0;
  let count = 0;
  let change = makeGate();
  const newId = (prefix: string) => {
    count += 1;
    return `${prefix}${count.toString(36).toUpperCase().padStart(8, '0')}`;
  };
  return {
    origin,
    workspace,
    now,
    messages: new Map(),
    ephemerals: [],
    views: [],
    files: new Map(),
    calls: [],
    triggers: makeTriggers(now, newId),
    responseUrls: makeResponseUrls(origin, now, newId),
    newTs: () => {
      lastMicros = Math.max(lastMicros + 1, Math.floor(now() * 1000));
      const digits = String(lastMicros).padStart(7, '0');
      return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    },
    newId,
    changed: () => {
      const passed = change;
      change = makeGate();
      passed.open();
    },
    nextChange: () => change.promise,
  };
}
