import type { ButtonListener } from './gesture/button.js';
import type { ListenerDependencies } from './gesture/dependencies.js';
import { createGoOnListener } from './go-on.js';

export const createRestartListener = (dependencies: ListenerDependencies): ButtonListener =>
  createGoOnListener(dependencies, 'restart');
