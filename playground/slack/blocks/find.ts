import type { ActionElement, InputElement } from './elements.js';
import type { Block } from './schema.js';

export type FoundAction = { block: Block; element: ActionElement | InputElement };

/** The elements of a block that a person can use. */
export function actionsOf(block: Block): readonly (ActionElement | InputElement)[] {
  switch (block.type) {
    case 'actions':
      return block.elements;
    case 'section':
      return block.accessory && block.accessory.type !== 'image' ? [block.accessory] : [];
    case 'input':
      return [block.element];
    default:
      return [];
  }
}

export function findAction(blocks: readonly Block[], actionId: string): FoundAction | undefined {
  for (const block of blocks) {
    const element = actionsOf(block).find(({ action_id }) => action_id === actionId);
    if (element) return { block, element };
  }
  return undefined;
}

/** `action_id`s that stand in the blocks, in order. */
export function actionIdsOf(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap(actionsOf).flatMap(({ action_id }) => action_id ?? []);
}
