import { z } from 'zod';
import { valueAt } from './path.js';

type Node = z.core.JSONSchema.BaseSchema;

/** The keys that a schema knows at a place; of alternatives, those that fit what stands there. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[], root: unknown): readonly string[] {
  let nodes: readonly Node[] = alternatives(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), root);
  path.forEach((part, index) => {
    const value = valueAt(root, path.slice(0, index + 1));
    nodes = nodes.flatMap((node) => children(node, part)).flatMap((node) => alternatives(node, value));
  });
  return nodes.flatMap((node) => Object.keys(node.properties ?? {}));
}

function children(node: Node, part: PropertyKey): Node[] {
  const inside = typeof part === 'number' ? node.items : (node.properties?.[String(part)] ?? node.additionalProperties);
  return typeof inside === 'object' && !Array.isArray(inside) ? [inside] : [];
}

function alternatives(node: Node, value: unknown): Node[] {
  const branches = node.anyOf ?? node.oneOf;
  if (branches === undefined) return [node];
  return branches.filter((branch) => fits(branch, value)).flatMap((branch) => alternatives(branch, value));
}

/** Whether the value has what the branch fixes, as `provider: alibaba`. */
function fits(branch: Node, value: unknown): boolean {
  return Object.entries(branch.properties ?? {}).every(
    ([key, property]) =>
      typeof property !== 'object' || property.const === undefined || property.const === valueAt(value, [key]),
  );
}
