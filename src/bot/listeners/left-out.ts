import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { createGoOnListener } from './go-on/button.js';

export const createLeftOutListener = (dependencies: ListenerDependencies): ButtonListener =>
  createGoOnListener(dependencies, 'left-out');
