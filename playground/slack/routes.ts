import { readBody } from './args.js';
import { type Answer, type HttpRequest, jsonReply } from './http.js';
import { takeUpload } from './methods/files.js';
import { SlackRefusal } from './refusal.js';
import { showResponse } from './response-post.js';
import { callMethod, recorded, refusalBody, underFaults, type WebApiParts } from './web-api.js';

/** Everything that the app can reach by HTTP: the Web API, response URLs and upload URLs. */
export async function route(parts: WebApiParts, request: HttpRequest): Promise<Answer> {
  const [, area, name = ''] = request.path.split('/');
  switch (area) {
    case 'api':
      return callMethod(parts, name, request);
    case 'response':
      return respond(parts, name, request);
    case 'upload':
      return upload(parts, name, request);
    default:
      return { status: 404, body: '' };
  }
}

/** A URL that is used up or too old is answered with 404; the status for a bad message is documented nowhere. */
function respond({ state, faults }: WebApiParts, id: string, request: HttpRequest): Promise<Answer> {
  return recorded(
    state,
    'response_url',
    (call) => {
      const post = readBody(request);
      call.args = post;
      return underFaults(faults, 'response_url', () => {
        const place = state.responseUrls.use(id);
        showResponse(state, place, post);
        place.posts.push(post);
        return jsonReply({ ok: true });
      });
    },
    (refusal) => jsonReply(refusalBody(refusal), refusal.error.endsWith('_url') ? 404 : 400),
  );
}

async function upload({ state }: WebApiParts, id: string, { headers, body }: HttpRequest): Promise<Answer> {
  const type = headers['content-type'] ?? '';
  const bytes = type.startsWith('multipart/form-data') ? await onlyFile(body, type) : body;
  try {
    takeUpload(state, id, bytes);
  } catch (error) {
    if (error instanceof SlackRefusal) return { status: 400, body: error.error };
    throw error;
  }
  return { status: 200, body: `OK - ${bytes.length}` };
}

async function onlyFile(body: Buffer, type: string): Promise<Buffer> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  for (const part of form.values()) if (part instanceof Blob) return Buffer.from(await part.arrayBuffer());
  return Buffer.alloc(0);
}
