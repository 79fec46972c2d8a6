import type { IncomingMessage } from 'node:http';

/** The whole of a request, and its query string exactly as it came. */
export async function readRequest(incoming: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path = '/', rawQuery = ''] = (incoming.url ?? '/').split('?', 2);
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(rawQuery),
    rawQuery,
    headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
