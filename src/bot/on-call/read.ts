import type { z } from 'zod';

/** Says what went wrong by status only: what a service answers may hold what we sent. */
export class OnCallFault extends Error {
  override readonly name = 'OnCallFault';
}

/** One reading of an on-call service. A redirect is not followed, as the key would go along. */
export async function readJson<T>(
  url: URL,
  headers: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
  signal: AbortSignal,
): Promise<T> {
  const response = await fetch(url, { headers, signal, redirect: 'error' });
  if (!response.ok) {
    await response.body?.cancel();
    throw new OnCallFault(`${url.host} answered with status ${response.status}`);
  }
  const read = schema.safeParse(await response.json());
  if (!read.success) throw new OnCallFault(`${url.host} answered in a form that is not known`);
  return read.data;
}
