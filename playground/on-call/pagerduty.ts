import { type LocalOnCall, type Reply, startOnCall } from './server.js';

type Options = { token: string; schedules: Readonly<Record<string, readonly string[]>> };

const refused = (status: number, message: string, code: number): Reply => ({
  status,
  body: { error: { message, code } },
});

/** PagerDuty REST API v2 as far as `GET /oncalls` goes: token, version, filter by schedule, pages of 25 to 100. */
export function startPagerDuty({ token, schedules }: Options): Promise<LocalOnCall> {
  return startOnCall(schedules, ({ url, header }, state) => {
    if (header('authorization') !== `Token token=${token}`) return refused(401, 'Unauthorized', 2006);
    if (!header('accept').includes('version=2')) return refused(406, 'Not Acceptable', 2005);
    if (url.pathname !== '/oncalls') return refused(404, 'Not Found', 2100);
    const limit = Math.min(Number(url.searchParams.get('limit') ?? 25), 100);
    const offset = Number(url.searchParams.get('offset') ?? 0);
    const wanted = url.searchParams.getAll('schedule_ids[]');
    const isWhole = url.searchParams.getAll('include[]').includes('users');
    const all = [...state]
      .filter(([id]) => wanted.length === 0 || wanted.includes(id))
      .flatMap(([id, emails]) => emails.map((email) => entry(id, email, isWhole)));
    const oncalls = all.slice(offset, offset + limit);
    return { status: 200, body: { oncalls, limit, offset, more: offset + limit < all.length, total: null } };
  });
}

/** Without `include[]=users` there is a reference only, and no address in it. */
function entry(schedule: string, email: string, isWhole: boolean) {
  const [name = ''] = email.split('@');
  const id = `P${name.toUpperCase()}`;
  return {
    user: isWhole
      ? { id, type: 'user', summary: name, name, email }
      : { id, type: 'user_reference', summary: name, html_url: null },
    schedule: { id: schedule, type: 'schedule_reference', summary: schedule },
    escalation_policy: { id: 'PESCALATE', type: 'escalation_policy_reference', summary: 'Default' },
    escalation_level: 1,
    start: null,
    end: null,
  };
}
