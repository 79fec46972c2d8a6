import { randomUUID } from 'node:crypto';
import type { CloudControls, Fault, HttpReply, HttpRequest, WorldInstance } from '../cloud.js';

/** What one call of the local Huawei Cloud is given, and how it answers. */

export type Task = {
  id: string;
  server: WorldInstance;
  operation: 'UNBIND' | 'RESET';
  keyPairName: string;
  startedAt: number;
  state: 'open' | 'SUCCESS' | 'FAILED';
  error?: { code: string | null; message: string };
};

export type Tasks = {
  start(server: WorldInstance, operation: Task['operation'], keyPairName: string): Task;
  running(region: string): readonly Task[];
  failed(region: string): readonly Task[];
  find(id: string, region: string): Task | undefined;
  /** Ends what is due. */
  settle(): void;
};

export type Context = {
  controls: CloudControls & { now(): number };
  tasks: Tasks;
  region: string;
  request: HttpRequest;
  /** The variable part of the path. */
  part: string;
  body: Record<string, unknown>;
  fault: Extract<Fault, { kind: 'instance-code' }> | undefined;
};

export type Route = {
  operation: string;
  method: 'GET' | 'POST';
  /** What follows the version and the project id; a group in it is the variable part. */
  path: RegExp;
  version: 'v1' | 'v1.1' | 'v3';
  /** The member that the body must have, where several operations share a path. */
  member?: string;
  instanceIds(request: HttpRequest, body: Record<string, unknown>): readonly string[];
  perform(context: Context): HttpReply;
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function findServer({ controls, region }: Context, id: unknown): WorldInstance | undefined {
  const server = typeof id === 'string' ? controls.world.instances.get(id) : undefined;
  return server?.region === region ? server : undefined;
}

export function reply(status: number, body: unknown): HttpReply {
  return { status, headers: { 'x-request-id': randomUUID() }, body: JSON.stringify(body) };
}

/** HTTP status by code where it is not 400: "SSH key pair error codes", ECS, IAM and API gateway "Error Codes". */
const STATUS: Readonly<Record<string, number>> = {
  'KPS.0003': 500,
  'KPS.0004': 500,
  'KPS.5001': 500,
  'KPS.5002': 500,
  'KPS.5003': 500,
  'KPS.5004': 500,
  'KPS.6007': 500,
  'KPS.6009': 403,
  'KPS.9001': 401,
  'KPS.9002': 401,
  'KPS.9003': 403,
  'KPS.9004': 403,
  'KPS.9005': 403,
  'KPS.9006': 403,
  'Ecs.0003': 403,
  'Ecs.0066': 403,
  'Ecs.0067': 403,
  'Ecs.0071': 403,
  'Ecs.0110': 403,
  'Ecs.0114': 404,
  'Ecs.0603': 501,
  'Ecs.0614': 404,
  'Ecs.0615': 500,
  'APIGW.0101': 404,
  'APIGW.0301': 401,
  'APIGW.0302': 403,
  'APIGW.0308': 429,
  'APIGW.0310': 403,
  'APIGW.0307': 401,
  'APIGW.0601': 500,
  'IAM.0003': 403,
  'IAM.0006': 500,
  'IAM.0012': 429,
};

/** ECS puts code and message into an object, the others do not. */
export function refuse(code: string, message = `The local cloud answers ${code}`, status?: number): HttpReply {
  const body = code.startsWith('Ecs.') ? { error: { code, message } } : { error_code: code, error_msg: message };
  return reply(status ?? STATUS[code] ?? 400, body);
}
