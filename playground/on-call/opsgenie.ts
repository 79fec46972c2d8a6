import { type LocalOnCall, type Reply, startOnCall } from './server.js';

type Options = { apiKey: string; schedules: Readonly<Record<string, readonly string[]>> };

const META = { took: 0.01, requestId: '43a29c5c-3dbf-4fa4-9c26-f4f71023e120' };
const refused = (status: number, message: string): Reply => ({ status, body: { message, ...META } });

/** Opsgenie as far as `GET /v2/schedules/{id}/on-calls` goes. */
export function startOpsgenie({ apiKey, schedules }: Options): Promise<LocalOnCall> {
  return startOnCall(schedules, ({ url, header }, state) => {
    if (header('authorization') !== `GenieKey ${apiKey}`) return refused(401, 'Could not authenticate');
    const [, id] = /^\/v2\/schedules\/([^/]+)\/on-calls$/.exec(url.pathname) ?? [];
    const emails = state.get(decodeURIComponent(id ?? ''));
    if (id === undefined || emails === undefined) return refused(404, 'Schedule not found');
    const _parent = { id, name: id, enabled: true };
    const data =
      url.searchParams.get('flat') === 'true'
        ? { _parent, onCallRecipients: emails }
        : { _parent, onCallParticipants: emails.map((name) => ({ id: name, name, type: 'user' })) };
    return { status: 200, body: { data, ...META } };
  });
}
