import type { z } from 'zod';

/** Says what went wrong by status only: what a service answers may hold what we sent. */
export class OnCallFault extends Error {
  override readonly name = 'OnCallFault';
}

/** Far more than a page of people takes. */
const MOST_BYTES = 1_000_000;

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
  const read = schema.safeParse(parseJson(await readText(response, url)));
  if (!read.success) throw new OnCallFault(`${url.host} answered in a form that is not known`);
  return read.data;
}

async function readText({ body }: Response, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new OnCallFault(`${url.host} answered with more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

/** Undefined for what is no JSON: the parser's own error quotes it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
