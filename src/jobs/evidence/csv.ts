import type { Evidence, EvidenceInstance, EvidenceStep } from './schema.js';

/** The evidence as a table: one row for each instance (RFC 4180). Pure. */

type Cell = (instance: EvidenceInstance, evidence: Evidence) => string | undefined;

const approvals = ({ decisions }: Evidence) => decisions.filter(({ kind }) => kind === 'approved');

/** In the order of the columns; their names are part of what `docs/evidence.md` promises. */
export const COLUMNS: Readonly<Record<string, Cell>> = {
  request: (_, { request }) => request.id,
  action: (_, { request }) => request.action,
  requester: (_, { request }) => request.requester,
  channel: (_, { request }) => request.channel,
  reason: (_, { request }) => request.reason,
  asked_at: (_, { request }) => request.askedAt,
  plan_digest: (_, { plan }) => plan.digest,
  // Once, also where somebody approved account by account.
  approved_by: (_, evidence) => [...new Set(approvals(evidence).map(({ by }) => by))].join(' '),
  approved_at: (_, evidence) => approvals(evidence).at(-1)?.at,
  ended_at: (_, { request }) => request.endedAt,
  account: ({ account }) => account,
  provider: ({ provider }) => provider,
  region: ({ region }) => region,
  key_pair: ({ keyPair }) => keyPair.name,
  key_pair_id: ({ keyPair }) => keyPair.id,
  instance: ({ id }) => id,
  name: ({ name }) => name,
  os: ({ os }) => os,
  state_when_planned: ({ stateWhenPlanned }) => stateWhenPlanned,
  planned_steps: ({ plannedSteps }) => plannedSteps.join(' '),
  steps: ({ steps }) => steps.map(stepWords).join('; '),
  outcome: ({ outcome }) => outcome?.kind,
  outcome_at: ({ outcome }) => outcome?.at,
  effective: ({ outcome }) => outcome?.effective,
  skip_reason: ({ outcome }) => outcome?.reason,
  code: ({ outcome }) => outcome?.code,
  message: ({ outcome }) => outcome?.message ?? outcome?.detail,
  cloud_request_ids: (instance) => requestIds(instance).join(' '),
  log_hash: (_, { log }) => log.hash,
};

/** Excel takes a file without this mark for one in the machine's own encoding. */
const BYTE_ORDER_MARK = '\uFEFF';

export function evidenceCsv(evidence: Evidence): string {
  const rows = evidence.instances.map((instance) =>
    Object.values(COLUMNS).map((cell) => cell(instance, evidence) ?? ''),
  );
  return `${BYTE_ORDER_MARK}${[Object.keys(COLUMNS), ...rows].map(rowOf).join('')}`;
}

const rowOf = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`;

const quoted = (cell: string): string => `"${harmless(cell).replaceAll('"', '""')}"`;

/**
 * Spreadsheets run a cell that begins like a formula, with signs of full width too (OWASP, CSV injection): an
 * apostrophe before it makes it text.
 */
const harmless = (cell: string): string => (/^[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell);

const stepWords = ({ step, plannedAt, calls, endedAt, result }: EvidenceStep): string =>
  `${step} ${calls[0]?.at ?? plannedAt}/${endedAt ?? ''} ${result ?? 'open'}`;

function requestIds({ steps, outcome }: EvidenceInstance): string[] {
  const ids = [...steps.flatMap(({ calls }) => calls.map(({ requestId }) => requestId)), outcome?.requestId];
  return [...new Set(ids.flatMap((id) => id ?? []))];
}
