import type { Chapter } from './scene.js';
import { findScenes } from './scenes/find.js';
import { formScenes, formTables } from './scenes/form.js';
import { homeScenes } from './scenes/home.js';
import { instanceScenes } from './scenes/instances.js';
import { replyScenes, replyTables } from './scenes/replies.js';
import { rootScenes } from './scenes/root.js';
import { threadScenes } from './scenes/thread.js';
import { wordTables } from './scenes/words.js';

export const CHAPTERS: readonly Chapter[] = [
  {
    title: 'The request',
    about: 'One message in the channel; it always shows where things stand.',
    scenes: rootScenes,
  },
  { title: 'The thread', about: 'The replies under it tell what became of each instance.', scenes: threadScenes },
  {
    title: 'All instances',
    about: 'A list on the screen of one person, behind a button of the request.',
    scenes: instanceScenes,
  },
  {
    title: 'Private answers',
    about: 'Seen by one person alone, in their own language.',
    scenes: replyScenes,
    tables: replyTables,
  },
  { title: 'Where is this key?', about: 'Answers to `find`, seen by the asker alone.', scenes: findScenes },
  {
    title: 'The form',
    about: 'What opens on the screen of one person; its title stands above, its buttons below.',
    scenes: formScenes,
    tables: formTables,
  },
  { title: 'The Home tab', about: 'Seen by one person alone, in their own language.', scenes: homeScenes },
  { title: 'Words for states', about: 'Parts of the messages above.', scenes: [], tables: wordTables },
];
