import type { HandlersOf } from '../../console/frame/router.js';
import { notBuilt } from './not-built.js';
import type { BroughtWork, RoomParts } from './parts.js';

type Pages =
  | 'security'
  | 'search'
  | 'search.make'
  | 'search.page'
  | 'story'
  | 'story.reveal'
  | 'person'
  | 'person.look'
  | 'person.page'
  | 'user'
  | 'user.look'
  | 'user.page';

/** The pages of this part of the console, joined from the rooms. */
export function openSearch(_parts: RoomParts): { readonly handlers: HandlersOf<Pages> } & BroughtWork {
  return {
    handlers: notBuilt([
      'security',
      'search',
      'search.make',
      'search.page',
      'story',
      'story.reveal',
      'person',
      'person.look',
      'person.page',
      'user',
      'user.look',
      'user.page',
    ]),
  };
}
