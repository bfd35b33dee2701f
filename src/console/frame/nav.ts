import type { BothLanguages } from '../../pages/views.js';
import { ACCESS, type AccessId } from '../access.js';
import type { AccessRow, Audience, ConsoleRoom } from '../access-row.js';
import type { ConsolePerson } from './call.js';
import { ROOM_NAMES } from './texts.js';

/** The pages of one room in the navigation. */
export interface NavGroup {
  readonly room: ConsoleRoom;
  readonly name: BothLanguages;
  readonly links: readonly { readonly id: AccessId; readonly path: string; readonly text: BothLanguages }[];
}

/** Whether the table lets this person in, as it stands today. */
export function opensFor(audience: Audience, { roles }: Pick<ConsolePerson, 'roles'>): boolean {
  return typeof audience === 'string' || audience.some((wanted) => roles.some(({ role }) => role === wanted));
}

/** The pages that this person may open, by room; nobody's are none. */
export function navOf(person: Pick<ConsolePerson, 'roles'> | null): readonly NavGroup[] {
  if (person === null) return [];
  const open = (Object.keys(ACCESS) as AccessId[])
    .map((id): AccessRow & { readonly id: AccessId } => ({ id, ...ACCESS[id] }))
    .filter(({ audience }) => opensFor(audience, person));
  return (Object.keys(ROOM_NAMES) as (keyof typeof ROOM_NAMES)[]).flatMap((room) => {
    const links = open.flatMap(({ id, nav, path, room: of }) =>
      nav === undefined || of !== room ? [] : [{ id, path, text: nav }],
    );
    return links.length === 0 ? [] : [{ room, name: ROOM_NAMES[room], links }];
  });
}
